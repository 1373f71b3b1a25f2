import type { EventLogRecord } from '../contract/ledger.js';

/** Prints one structured line. With Lambda's JSON logging the record becomes the line's `message`. */
export function logEvent(record: EventLogRecord): void {
  const line = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON' ? record : JSON.stringify(record);
  if (record.level === 'ERROR') console.error(line);
  else console.log(line);
}
