import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { checklistTemplate, type TheirStage, theirStage } from '../support/their-stack.js';

let stage: TheirStage;
afterEach(() => stage?.close());

/** The rule's target has a dead-letter queue, and nobody told the queue: SAM does not either. */
async function withUntoldQueue(policy?: object) {
  const template = checklistTemplate('before');
  const rule = template.Resources.StripeEventBridgeHandlerStripeEventBridge?.Properties ?? {};
  const [target] = rule.Targets as object[];
  Object.assign(target ?? {}, { DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Undelivered', 'Arn'] } } });
  Object.assign(template.Resources, {
    Undelivered: { Type: 'AWS::SQS::Queue', Properties: {} },
    ...(policy ? { UndeliveredPolicy: policy } : {}),
  });
  stage = await theirStage(template);
}

async function statements(): Promise<Record<string, unknown>[]> {
  const { Attributes } = await new SQSClient(stage.client).send(
    new GetQueueAttributesCommand({ QueueUrl: stage.physicalIds.Undelivered, AttributeNames: ['Policy'] }),
  );
  return JSON.parse(Attributes?.Policy ?? '{"Statement":[]}').Statement;
}

const dlq = async () =>
  (await stage.inspect({ only: ['eventbridge.dlq'] })).find(({ id }) => id === 'eventbridge.dlq');

describe("a dead-letter queue of somebody else's", () => {
  it('that has no policy lets the rule in, once that is repaired', async () => {
    await withUntoldQueue();
    const found = await dlq();
    expect([found?.outcome, found?.remedy?.fixable]).toEqual(['fail', true]);
    expect(found?.summary).toMatch(/the policy of \S*Undelivered\S* does not let the rule \S+ send/);
    expect((await stage.repair('eventbridge.dlq')).finding.outcome).toBe('pass');
    expect(await statements()).toMatchObject([
      { Sid: 'RuleSends', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage' },
    ]);
  });

  it('that denies everybody but another rule goes on letting that one in', async () => {
    const other = 'arn:aws:events:eu-west-1:123456789012:rule/other';
    await withUntoldQueue({
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Undelivered' }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'RuleSends',
              Effect: 'Allow',
              Principal: { Service: 'events.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: { 'Fn::GetAtt': ['Undelivered', 'Arn'] },
              Condition: { ArnEquals: { 'aws:SourceArn': other } },
            },
            {
              Sid: 'NobodyElse',
              Effect: 'Deny',
              Principal: '*',
              Action: 'sqs:SendMessage',
              Resource: { 'Fn::GetAtt': ['Undelivered', 'Arn'] },
              Condition: { ArnNotEquals: { 'aws:SourceArn': other } },
            },
          ],
        },
      },
    });
    expect((await dlq())?.summary).toMatch(/denies the rule \S+ sending/);
    expect((await stage.repair('eventbridge.dlq')).finding.outcome).toBe('pass');
    const rule = expect.stringMatching(/rule\/Cachao-StripeEventBridgeHandler/);
    expect(await statements()).toMatchObject([
      { Sid: 'RuleSends', Condition: { ArnEquals: { 'aws:SourceArn': other } } },
      { Sid: 'NobodyElse', Condition: { ArnNotEquals: { 'aws:SourceArn': [other, rule] } } },
      { Sid: 'RuleSends2', Condition: { ArnEquals: { 'aws:SourceArn': rule } } },
    ]);
  });
});
