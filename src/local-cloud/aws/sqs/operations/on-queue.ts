import type { Call, Operation } from '../../../kernel/service.js';
import type { Queues } from '../queues.js';
import { queueArn } from '../queues.js';
import type { QueueRecord } from '../records.js';

interface OnQueue {
  QueueUrl?: string;
}

/** An operation on the queue that `QueueUrl` names, authorised on its ARN and by its policy. */
export function onQueue<Input extends OnQueue>(
  queues: Queues,
  handle: (queue: QueueRecord, input: Input, call: Call) => unknown,
  action?: string,
): Operation<Input> {
  const arnOf = (input: Input, region: string) =>
    queueArn(
      region,
      String(input.QueueUrl ?? '')
        .split('/')
        .at(-1) ?? '',
    );
  return {
    handle: (input, call) => handle(queues.byUrl(input.QueueUrl, call.region), input, call),
    resource: (input, call) => arnOf(input, call.region),
    resourcePolicy: (input, call) => queues.tables.queues.get(arnOf(input, call.region))?.attributes.Policy,
    ...(action === undefined ? {} : { action }),
  };
}
