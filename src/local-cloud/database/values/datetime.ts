const PATTERN = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{0,6})\d*)?)?)?$/;

/**
 * A datetime in the one form in which it is kept and compared, `YYYY-MM-DD HH:MM:SS.ffffff`, cut to `digits`
 * of a second, as MariaDB does (MySQL rounds); undefined when the text is no such time.
 */
export function normaliseDatetime(text: string, digits = 6): string | undefined {
  const match = PATTERN.exec(text.trim());
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(at);
  if (year < 1000 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const step = 10n ** BigInt(6 - digits);
  const micros = BigInt(at) * 1000n + BigInt((match[7] ?? '').padEnd(6, '0'));
  return fromMicros((micros / step) * step);
}

/** Microseconds since the epoch, as a stored datetime. */
export function fromMicros(micros: bigint): string {
  const millis = micros >= 0n ? micros / 1000n : (micros - 999n) / 1000n;
  const rest = micros - millis * 1000n;
  const [day, time] = new Date(Number(millis)).toISOString().split('T') as [string, string];
  return `${day} ${time.slice(0, -1)}${String(rest).padStart(3, '0')}`;
}

/** A stored datetime with as many digits of a second as its column has. */
export function formatDatetime(stored: string, digits: number): string {
  return stored.slice(0, digits === 0 ? 19 : 20 + digits);
}
