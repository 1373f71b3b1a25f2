import type { SqsAttribute } from '../../../kernel/ports.js';
import type { AsyncEventRecord, EndCondition } from './event-record.js';

/** Characters of the error message that an attribute carries. */
const MAXIMUM_MESSAGE = 1024;

/** A `DeadLetterConfig` message: the event as it was, and why in attributes (recorded from AWS: a Number, two Strings). */
export function deadLetter(
  event: AsyncEventRecord,
  condition: EndCondition,
): { body: string; attributes: Record<string, SqsAttribute> } {
  const throttled = event.lastResponse === undefined;
  const message = throttled ? throttleMessage(condition) : errorMessage(event.lastResponse as string);
  return {
    body: event.payload,
    attributes: {
      RequestID: { DataType: 'String', StringValue: event.requestId },
      ErrorCode: { DataType: 'Number', StringValue: throttled ? '429' : '200' },
      // SQS refuses an empty attribute value.
      ...(message !== '' && { ErrorMessage: { DataType: 'String' as const, StringValue: message } }),
    },
  };
}

function throttleMessage(condition: EndCondition): string {
  return condition === 'ZeroReservedConcurrency' || condition === 'EventAgeExceeded' ? 'Rate Exceeded.' : '';
}

function errorMessage(response: string): string {
  const parsed = JSON.parse(response) as { errorMessage?: unknown } | null;
  return typeof parsed?.errorMessage === 'string' ? parsed.errorMessage.slice(0, MAXIMUM_MESSAGE) : '';
}
