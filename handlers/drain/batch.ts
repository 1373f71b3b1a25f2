/** The members of Lambda's event for a batch of SQS messages that the drain reads. */
export interface SqsBatch {
  Records: SqsRecord[];
}

export interface SqsRecord {
  messageId: string;
  body: string;
  /** The queue's ARN. */
  eventSourceARN: string;
  /** SQS's own: `SentTimestamp`, in epoch milliseconds. */
  attributes: Record<string, string>;
  messageAttributes?: Record<string, { stringValue?: string; dataType?: string }>;
}

/** Messages that are named here stay in their queue; all others are deleted. */
export interface BatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}

export function attributesOf({ messageAttributes }: SqsRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(messageAttributes ?? {}).map(([name, { stringValue }]) => [name, stringValue ?? '']),
  );
}
