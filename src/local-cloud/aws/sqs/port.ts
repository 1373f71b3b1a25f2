import type { ReceivedMessage, SqsAttribute, SqsPort } from '../../kernel/ports.js';
import { AwsError, type Principal } from '../../kernel/service.js';
import { accessDenied, kmsAccessDenied } from './errors.js';
import { deleteMessage } from './operations/messages.js';
import type { Queues } from './queues.js';
import { receiptHandle } from './receipt-handle.js';
import { systemAttributes } from './receive.js';
import type { QueueRecord } from './records.js';
import { checkMessage, sendMessage } from './send.js';

/** What other services ask of SQS. Errors carry the codes that older clients know (`AWS.SimpleQueueService.…`). */
export function sqsPort(queues: Queues): SqsPort {
  return {
    send: (request) =>
      withQueryCodes(() => {
        const queue = queues.byArn(request.queueArn);
        authorizeSend(queues, queue, request.principal, request.sourceArn);
        const input = { MessageBody: request.body, MessageAttributes: { ...request.attributes } };
        checkMessage(queue, input);
        sendMessage(queues, queue, input, request.principal);
      }),
    receive: (arn, maximum, visibilitySeconds) =>
      withQueryCodes(() =>
        queues.receive(queues.byArn(arn), maximum, visibilitySeconds).map(
          (received): ReceivedMessage => ({
            messageId: received.message.id,
            receiptHandle: receiptHandle(arn, received.message.id, received.receipt.nonce),
            body: received.message.body,
            md5OfBody: received.message.md5,
            attributes: systemAttributes(received),
            messageAttributes: received.message.attributes as Record<string, SqsAttribute>,
          }),
        ),
      ),
    delete: (arn, handle) =>
      withQueryCodes(() => deleteMessage(queues, queues.byArn(arn), { ReceiptHandle: handle })),
    onArrival: (arn, wake) => queues.mailbox(arn).onArrival(wake),
    sample: (region) => queues.metrics.sample(region),
  };
}

function authorizeSend(
  queues: Queues,
  queue: QueueRecord,
  principal: Principal,
  sourceArn: string | undefined,
): void {
  const allowed = queues.cloud.port('iam').allows({
    principal,
    action: 'sqs:SendMessage',
    resource: queue.arn,
    ...(sourceArn === undefined ? {} : { context: { 'aws:SourceArn': sourceArn } }),
    ...(queue.attributes.Policy === undefined ? {} : { resourcePolicy: queue.attributes.Policy }),
  });
  const who = principal.kind === 'service' ? principal.service : principal.arn;
  if (!allowed)
    throw accessDenied(
      `User: ${who} is not authorized to perform: sqs:sendmessage on resource: ${queue.arn} because no resource-based policy allows the sqs:sendmessage action`,
    );
  // The AWS managed key's policy cannot name a service, so services cannot encrypt with it.
  if (principal.kind === 'service' && queue.attributes.KmsMasterKeyId === 'alias/aws/sqs')
    throw kmsAccessDenied(
      `${who} is not authorized to perform: kms:GenerateDataKey on the key alias/aws/sqs of queue ${queue.name}`,
    );
}

function withQueryCodes<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof AwsError) || error.fields.queryCode === undefined) throw error;
    throw new AwsError(String(error.fields.queryCode), error.message, error.status);
  }
}
