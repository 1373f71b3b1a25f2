import { invalidParameter } from './errors.js';

interface Runtime {
  /** From these days on AWS refuses to create, or to update, a function with it. */
  createBlocked?: string;
  updateBlocked?: string;
}

/** AWS's lifecycle table (Lambda developer guide; nodejs dates as cfn-lint 1.51 lists them). */
const RUNTIMES: Record<string, Runtime> = {
  'nodejs24.x': { createBlocked: '2028-06-01', updateBlocked: '2028-07-01' },
  'nodejs22.x': { createBlocked: '2027-06-01', updateBlocked: '2027-07-01' },
  'nodejs20.x': { createBlocked: '2026-06-01', updateBlocked: '2026-07-01' },
  'nodejs18.x': { createBlocked: '2026-02-03', updateBlocked: '2026-03-09' },
  'nodejs16.x': { createBlocked: '2026-02-03', updateBlocked: '2026-03-09' },
  'nodejs14.x': { createBlocked: '2024-01-09', updateBlocked: '2024-02-08' },
  'nodejs12.x': { createBlocked: '2023-03-31', updateBlocked: '2023-04-30' },
  'python3.14': {},
  'python3.13': {},
  'python3.12': {},
  'python3.11': {},
  'python3.10': {},
  'python3.9': { createBlocked: '2026-02-03', updateBlocked: '2026-03-09' },
  java25: {},
  java21: {},
  java17: {},
  java11: {},
  'java8.al2': {},
  dotnet10: {},
  dotnet8: {},
  'ruby3.4': {},
  'ruby3.3': {},
  'ruby3.2': {},
  'provided.al2023': {},
  'provided.al2': {},
};

/** Throws `InvalidParameterValueException` for a runtime that AWS does not know or no longer takes at `now`. */
export function checkRuntime(runtime: unknown, now: number, purpose: 'create' | 'update'): string {
  const name = String(runtime);
  const known = Object.hasOwn(RUNTIMES, name) ? RUNTIMES[name] : undefined;
  if (!known)
    throw invalidParameter(
      `Value ${name} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${Object.keys(RUNTIMES).join(', ')}] or be a valid ARN`,
    );
  const blocked = purpose === 'create' ? known.createBlocked : known.updateBlocked;
  if (blocked !== undefined && now >= Date.parse(blocked)) {
    const family = /^[a-z]+/.exec(name)?.[0] ?? '';
    const newest = Object.keys(RUNTIMES).find((other) => other.startsWith(family)) ?? name;
    throw invalidParameter(
      `The runtime parameter of ${name} is no longer supported for creating or updating AWS Lambda functions. We recommend you use ${newest} while creating or updating functions.`,
    );
  }
  return name;
}
