const UNITS: readonly [number, string][] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** How long, for a person: the largest unit, and the next where it matters. "13 d 4 h", "2 min", "0 s". */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const index = UNITS.findIndex(([size]) => seconds >= size);
  const [size, unit] = UNITS[index] ?? [1, 's'];
  const count = Math.floor(seconds / size);
  const next = UNITS[index + 1];
  const rest = next && count < 10 ? Math.floor((seconds % size) / next[0]) : 0;
  return next && rest > 0 ? `${count} ${unit} ${rest} ${next[1]}` : `${count} ${unit}`;
}

/** 1234567 as "1,234,567". */
export function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
