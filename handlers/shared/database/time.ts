import { HandlerError } from '../errors.js';

const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * A time as the ledger keeps it: UTC, `YYYY-MM-DD HH:MM:SS.mmm`.
 * @throws HandlerError MALFORMED_EVENT for one that a database has no column for: only an event can bring it
 */
export function sqlTime(time: Date): string {
  if (!(time.getTime() >= 0 && time.getTime() <= LAST))
    throw new HandlerError(
      'MALFORMED_EVENT',
      'The event was created at a time outside of the years 1970 to 9999.',
    );
  return time.toISOString().replace('T', ' ').slice(0, -1);
}

/** Back to ISO 8601 with milliseconds. */
export function isoTime(stored: string | null | undefined): string {
  const [day, time = '00:00:00'] = (stored ?? '').split(' ');
  const [seconds, fraction = ''] = time.split('.');
  return `${day}T${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
}
