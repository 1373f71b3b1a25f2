/** A time as the ledger keeps it: UTC, `YYYY-MM-DD HH:MM:SS.mmm`. */
export function sqlTime(time: Date): string {
  return time.toISOString().replace('T', ' ').slice(0, -1);
}

/** Back to ISO 8601 with milliseconds. */
export function isoTime(stored: string | null | undefined): string {
  const [day, time = '00:00:00'] = (stored ?? '').split(' ');
  const [seconds, fraction = ''] = time.split('.');
  return `${day}T${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
}
