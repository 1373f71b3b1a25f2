const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90m`, `24h`, `7d` in milliseconds; undefined when the text is no such duration. */
export function readDuration(text: string): number | undefined {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([smhd])$/.exec(text.trim()) ?? [];
  const milliseconds = Number(number) * (UNITS[unit] ?? Number.NaN);
  return milliseconds > 0 ? milliseconds : undefined;
}

/** In the largest unit that fits without a remainder: `24h` is `1d`. */
export function writeDuration(milliseconds: number): string {
  const fitting = Object.entries(UNITS).filter(([, unit]) => milliseconds % unit === 0);
  const [name, unit] = fitting.at(-1) ?? ['s', 1_000];
  return `${Math.round(milliseconds / unit)}${name}`;
}

/** A window as a person gives it, never rounded to nothing: "24 h", "90 min", "2 min", "7 days". */
export function spanOf(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  if (seconds % 86_400 === 0 && seconds >= 2 * 86_400) return `${seconds / 86_400} days`;
  if (seconds % 3_600 === 0) return `${seconds / 3_600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

const SHOWN: readonly [number, string][] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** How long, for a person: the largest unit, and the next where it matters. "13 d 4 h", "2 min", "0 s". */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const index = SHOWN.findIndex(([size]) => seconds >= size);
  const [size, unit] = SHOWN[index] ?? [1, 's'];
  const count = Math.floor(seconds / size);
  const next = SHOWN[index + 1];
  const rest = next && count < 10 ? Math.floor((seconds % size) / next[0]) : 0;
  return next && rest > 0 ? `${count} ${unit} ${rest} ${next[1]}` : `${count} ${unit}`;
}
