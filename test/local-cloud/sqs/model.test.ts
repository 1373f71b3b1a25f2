import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fc, inputs } from '../../support/property-tests.js';
import { type MessagingCloud, startMessagingCloud } from '../messaging-cloud.js';

let world: MessagingCloud;
let sqs: SQSClient;
let url: string;

beforeEach(async () => {
  world = await startMessagingCloud();
  sqs = new SQSClient(world.client);
});

afterEach(() => world.close());

const create = async (QueueName: string) =>
  (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl as string;
const send = (body: string) => sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body }));
const receive = async (options: object) =>
  (await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, ...options }))).Messages ?? [];
const depth = async () => {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  );
  return {
    visible: Number(Attributes?.ApproximateNumberOfMessages),
    inFlight: Number(Attributes?.ApproximateNumberOfMessagesNotVisible),
  };
};

test('whatever is done to a queue, its counts agree with a plain model', async () => {
  const step = fc.oneof(
    fc.constant({ kind: 'send' as const }),
    fc.record({
      kind: fc.constant('receive' as const),
      maximum: fc.integer({ min: 1, max: 4 }),
      visibility: fc.integer({ min: 1, max: 20 }),
    }),
    fc.record({ kind: fc.constant('delete' as const), which: fc.nat(5) }),
    fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 15 }) }),
  );
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      run += 1;
      url = await create(`model-${run}`);
      // Latest handle and visibility of each message, as a person would keep them on paper.
      const model = new Map<string, { handle?: string; visibleAt: number }>();
      let time = 0;
      for (const action of steps) {
        if (action.kind === 'send') model.set(String((await send('m')).MessageId), { visibleAt: 0 });
        if (action.kind === 'wait') {
          await world.clock.advance(action.seconds * 1000 + 300);
          time += action.seconds * 1000 + 300;
        }
        if (action.kind === 'receive') {
          const got = await receive({
            MaxNumberOfMessages: action.maximum,
            VisibilityTimeout: action.visibility,
          });
          const ready = [...model.values()].filter(({ visibleAt }) => visibleAt <= time).length;
          expect(got).toHaveLength(Math.min(ready, action.maximum));
          for (const { MessageId: id, ReceiptHandle: handle } of got)
            model.set(String(id), { handle: String(handle), visibleAt: time + action.visibility * 1000 });
        }
        if (action.kind === 'delete') {
          const [id, known] = [...model.entries()].filter(([, { handle }]) => handle)[action.which] ?? [];
          if (id === undefined || known === undefined) continue;
          await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: known.handle }));
          model.delete(id);
        }
      }
      const { visible, inFlight } = await depth();
      expect(visible + inFlight).toBe(model.size);
    }),
    { numRuns: inputs(15) },
  );
});
