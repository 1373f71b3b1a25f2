/** When AWS stops patching a runtime, and when it stops taking new code for it (AWS's table; FACTS: nodejs20.x…24.x). */
export interface RuntimeEnd {
  deprecated: string;
  updateBlocked: string;
}

const end = (deprecated: string, updateBlocked: string): RuntimeEnd => ({ deprecated, updateBlocked });

export const RUNTIME_ENDS: Readonly<Record<string, RuntimeEnd>> = {
  'nodejs12.x': end('2023-03-31', '2023-04-30'),
  'nodejs14.x': end('2023-12-04', '2026-07-01'),
  'nodejs16.x': end('2024-06-12', '2026-07-01'),
  'nodejs18.x': end('2025-09-01', '2026-07-01'),
  'nodejs20.x': end('2026-04-30', '2026-07-01'),
  'nodejs22.x': end('2027-04-30', '2027-07-01'),
  'nodejs24.x': end('2028-04-30', '2028-07-01'),
  'python3.7': end('2023-12-04', '2026-03-09'),
  'python3.8': end('2024-10-14', '2026-07-01'),
  'python3.9': end('2025-12-15', '2026-07-01'),
  'python3.10': end('2026-06-30', '2026-08-31'),
  'python3.11': end('2026-06-30', '2026-08-31'),
  'python3.12': end('2028-10-31', '2029-01-10'),
  'python3.13': end('2029-06-30', '2029-08-31'),
  'python3.14': end('2029-06-30', '2029-08-31'),
  java8: end('2024-01-08', '2026-07-01'),
  'java8.al2': end('2026-06-30', '2026-08-31'),
  java11: end('2026-06-30', '2026-08-31'),
  java17: end('2026-06-30', '2026-08-31'),
  java21: end('2029-06-30', '2029-08-31'),
  java25: end('2029-06-30', '2029-08-31'),
  dotnet6: end('2024-12-20', '2026-07-01'),
  dotnet8: end('2026-11-10', '2027-01-11'),
  'go1.x': end('2024-01-08', '2026-07-01'),
  'ruby2.7': end('2023-12-07', '2026-07-01'),
  'ruby3.2': end('2026-03-31', '2026-07-01'),
  provided: end('2024-01-08', '2026-07-01'),
  'provided.al2': end('2026-06-30', '2026-08-31'),
  'provided.al2023': end('2029-06-30', '2029-08-31'),
};

/** The runtime of the same language that AWS patches longest; undefined for one that is not known. */
export function newestRuntime(name: string): string | undefined {
  const language = /^[a-z]+/.exec(name)?.[0] ?? '';
  const family = language === 'go' ? 'provided' : language;
  const [newest] = Object.entries(RUNTIME_ENDS)
    .filter(([one]) => new RegExp(`^${family}([\\d.]|$)`).test(one))
    .sort(([, one], [, other]) => (one.deprecated < other.deprecated ? 1 : -1));
  return newest?.[0];
}
