import {
  GetQueueAttributesCommand,
  type QueueAttributeName,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect } from 'vitest';
import { breakIt } from '../support/break-it.js';
import type { SetUpStage } from '../support/set-up-stage.js';

type Attributes = Partial<Record<QueueAttributeName, string>>;
type Statement = { Sid?: string; [member: string]: unknown };

const deliveryFailures = (stage: SetUpStage) => stage.outputs.deliveryFailuresQueueUrl;
const functionFailures = (stage: SetUpStage) => stage.outputs.functionFailuresQueueUrl;

function set(stage: SetUpStage, url: string, attributes: Attributes): Promise<unknown> {
  return new SQSClient(stage.client).send(
    new SetQueueAttributesCommand({ QueueUrl: url, Attributes: attributes }),
  );
}

async function statementsOf(stage: SetUpStage, url: string): Promise<Statement[]> {
  const { Attributes } = await new SQSClient(stage.client).send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['Policy'] }),
  );
  return JSON.parse(Attributes?.Policy ?? '{"Statement":[]}').Statement;
}

async function changeStatements(
  stage: SetUpStage,
  url: string,
  change: (statements: Statement[]) => Statement[],
): Promise<void> {
  const Statement = change(await statementsOf(stage, url));
  await set(stage, url, {
    Policy: Statement.length > 0 ? JSON.stringify({ Version: '2012-10-17', Statement }) : '',
  });
}

const without = (sid: string) => (statements: Statement[]) => statements.filter(({ Sid }) => Sid !== sid);
const OTHER_ROLE = 'arn:aws:iam::123456789012:role/somebody-else';

describe('the dead-letter queues', () => {
  let before: Statement[] = [];
  breakIt([
    {
      broken: 'One keeps messages for four days, as SQS does by itself',
      check: 'queue.retention',
      reason: /DeliveryFailuresQueue\S* keeps messages for 4 days/,
      break: (stage) => set(stage, deliveryFailures(stage), { MessageRetentionPeriod: '345600' }),
      fixed: true,
      planned: /MessageRetentionPeriod: 345600 -> 1209600/,
    },
    {
      broken: 'One keeps messages for five minutes: they are lost before anybody has read the alarm',
      check: 'queue.retention',
      reason: /DeliveryFailuresQueue\S* keeps messages for 5 minutes/,
      outcome: 'fail',
      break: (stage) => set(stage, deliveryFailures(stage), { MessageRetentionPeriod: '300' }),
      fixed: true,
    },
    {
      broken: 'One hands its messages on to another queue',
      check: 'queue.retention',
      outcome: 'fail',
      reason: /DeliveryFailuresQueue\S* hands its messages on to arn:\S*Quarantine\S*, where no replay looks/,
      break: (stage) =>
        set(stage, deliveryFailures(stage), {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: stage.outputs.quarantineQueueArn,
            maxReceiveCount: 3,
          }),
        }),
      fixed: true,
      planned: /RedrivePolicy: arn:\S* -> \(none\)/,
    },
    {
      broken: 'One is not encrypted',
      check: 'queue.encrypted',
      reason: /FunctionFailuresQueue\S*: not encrypted/,
      break: (stage) => set(stage, functionFailures(stage), { SqsManagedSseEnabled: 'false' }),
      fixed: true,
      planned: /SqsManagedSseEnabled: false -> true/,
    },
    {
      broken: 'The queue of the rule is encrypted with a key that EventBridge may not use',
      check: 'eventbridge.dlq',
      reason: /alias\/aws\/sqs, which EventBridge may not use: .* is lost$/,
      outcome: 'fail',
      break: (stage) => set(stage, deliveryFailures(stage), { KmsMasterKeyId: 'alias/aws/sqs' }),
      fixed: true,
      planned: /encryption: alias\/aws\/sqs -> SSE-SQS/,
    },
    {
      broken: 'Messages may come without TLS',
      check: 'queue.policy',
      reason: /DeliveryFailuresQueue\S*: messages may come without TLS$/,
      break: async (stage) => {
        before = await statementsOf(stage, deliveryFailures(stage));
        await changeStatements(stage, deliveryFailures(stage), without('OnlyOverTls'));
      },
      fixed: true,
      planned: /no longer: messages may come without TLS/,
      repaired: async (stage) => {
        expect(new Set(await statementsOf(stage, deliveryFailures(stage)))).toEqual(new Set(before));
      },
    },
    {
      broken: "Anybody in the account may put events into the function's queue",
      check: 'queue.policy',
      reason: /FunctionFailuresQueue\S*: anybody in the account whose own policy allows it may send/,
      break: async (stage) => {
        before = await statementsOf(stage, functionFailures(stage));
        await changeStatements(stage, functionFailures(stage), (statements) => [
          ...without('NobodyElseSends')(statements),
          {
            Sid: 'Audit',
            Effect: 'Allow',
            Principal: { AWS: '123456789012' },
            Action: 'sqs:GetQueueAttributes',
            Resource: stage.outputs.functionFailuresQueueArn,
          },
        ]);
      },
      fixed: true,
      // What a person added stays.
      repaired: async (stage) => {
        const now = await statementsOf(stage, functionFailures(stage));
        expect(now.map(({ Sid }) => Sid)).toContain('Audit');
        expect(new Set(now.filter(({ Sid }) => Sid !== 'Audit'))).toEqual(new Set(before));
      },
      undo: (stage) => changeStatements(stage, functionFailures(stage), () => before),
    },
    {
      broken: "The function's queue has no policy at all",
      check: 'queue.policy',
      reason: /anybody in the account whose own policy allows it may send, messages may come without TLS/,
      break: async (stage) => {
        before = await statementsOf(stage, functionFailures(stage));
        await set(stage, functionFailures(stage), { Policy: '' });
      },
      fixed: true,
      repaired: async (stage) => {
        expect(new Set(await statementsOf(stage, functionFailures(stage)))).toEqual(new Set(before));
      },
    },
    {
      broken: 'A person let another role send as well',
      check: 'queue.policy',
      reason: /role\/somebody-else may send as well/,
      break: async (stage) => {
        before = await statementsOf(stage, functionFailures(stage));
        await changeStatements(stage, functionFailures(stage), (statements) =>
          statements.map((statement) =>
            statement.Sid === 'NobodyElseSends'
              ? {
                  ...statement,
                  Condition: {
                    ArnNotEquals: {
                      'aws:PrincipalArn': [
                        OTHER_ROLE,
                        ...before
                          .filter(({ Sid }) => Sid === 'HandlerSends')
                          .map(({ Principal }) => (Principal as { AWS: string }).AWS),
                      ],
                    },
                  },
                }
              : statement,
          ),
        );
      },
      fixed: false,
      undo: (stage) => changeStatements(stage, functionFailures(stage), () => before),
    },
  ]);
});
