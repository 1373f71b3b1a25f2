import type { AsyncEventRecord, EndCondition } from './event-record.js';

/** What an OnSuccess or OnFailure destination receives, version 1.0, as recorded from AWS. */
export function destinationRecord(
  event: AsyncEventRecord,
  condition: EndCondition,
  timestamp: string,
): object {
  const answered = condition !== 'ZeroReservedConcurrency' && event.lastResponse !== undefined;
  return {
    version: '1.0',
    timestamp,
    requestContext: {
      requestId: event.requestId,
      functionArn: `${event.functionArn}:$LATEST`,
      condition,
      approximateInvokeCount: event.attempts,
    },
    requestPayload: JSON.parse(event.payload) as unknown,
    ...(answered && {
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        ...(condition !== 'Success' && { functionError: 'Unhandled' }),
      },
      responsePayload: JSON.parse(event.lastResponse as string) as unknown,
    }),
  };
}
