import type { EventLogRecord } from '../contract/ledger.js';

/** Prints one structured line. With Lambda's JSON logging the record becomes the line's `message`. */
export function logEvent(record: EventLogRecord): void {
  logLine(record);
}

/** The same for what is not about one event. Carries no secret. */
export function logLine(record: { level: 'INFO' | 'WARN' | 'ERROR'; message: string }): void {
  const line = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON' ? record : JSON.stringify(record);
  if (record.level === 'ERROR') console.error(line);
  else if (record.level === 'WARN') console.warn(line);
  else console.log(line);
}
