import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { startMessagingCloud } from '../messaging-cloud.js';

const REGION = 'eu-west-1';
export const ACCOUNT = '123456789012';
export const SOURCE = 'aws.partner/stripe.com/ed_test_61abc';
export const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:orders`;
export const RULE_ARN = `arn:aws:events:${REGION}:${ACCOUNT}:rule/${SOURCE}/paid`;
export const PATTERN = JSON.stringify({ source: [SOURCE], 'detail-type': ['checkout.session.completed'] });
export const EVENT = {
  id: 'evt_1',
  object: 'event',
  type: 'checkout.session.completed',
  data: { object: { id: 'cs_1', amount: 1200 } },
};

/** A messaging cloud with helpers for the path from a partner source to a target. */
export async function startShop(directory?: string) {
  const world = await startMessagingCloud(directory);
  const events = new EventBridgeClient(world.client);
  const sqs = new SQSClient(world.client);
  const partner = world.cloud.port('partnerEvents');
  const sourceArn = `arn:aws:events:${REGION}::event-source/${SOURCE}`;
  const queueUrl = (name: string) => `${world.url}/${ACCOUNT}/${name}`;
  return {
    ...world,
    events,
    sqs,
    partner,
    sourceArn,
    /** The partner makes the source and it appears. */
    source: async () => {
      partner.createSource(REGION, ACCOUNT, SOURCE);
      await world.clock.advance(31_000);
    },
    bus: () => events.send(new CreateEventBusCommand({ Name: SOURCE, EventSourceName: SOURCE })),
    rule: async (targets: Target[], bus = SOURCE, pattern = PATTERN, name = 'paid') => {
      await events.send(new PutRuleCommand({ Name: name, EventBusName: bus, EventPattern: pattern }));
      await events.send(new PutTargetsCommand({ Rule: name, EventBusName: bus, Targets: targets }));
    },
    stripeSends: (detail: object = EVENT, detailType = 'checkout.session.completed') =>
      partner.putEvent(sourceArn, { detailType, detail, time: Date.UTC(2026, 10, 23, 9, 30, 15, 999) }),
    /** A queue that a rule may send to. */
    queue: async (name: string, allowed = true) => {
      const arn = `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
      await sqs.send(new CreateQueueCommand({ QueueName: name }));
      const Policy = JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: arn,
          },
        ],
      });
      if (allowed)
        await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl(name), Attributes: { Policy } }));
      return arn;
    },
    messages: async (name: string) => {
      const all = [];
      for (;;) {
        const { Messages } = await sqs.send(
          new ReceiveMessageCommand({
            QueueUrl: queueUrl(name),
            MaxNumberOfMessages: 10,
            MessageAttributeNames: ['All'],
          }),
        );
        if (!Messages) return all;
        all.push(...Messages);
      }
    },
  };
}

export type Shop = Awaited<ReturnType<typeof startShop>>;
