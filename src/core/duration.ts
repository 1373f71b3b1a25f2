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
