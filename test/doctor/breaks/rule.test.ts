import {
  DeleteArchiveCommand,
  DeleteRuleCommand,
  DisableRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import {
  AddPermissionCommand,
  GetPolicyCommand,
  LambdaClient,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect } from 'vitest';
import { breakIt } from '../support/break-it.js';
import type { SetUpStage } from '../support/set-up-stage.js';

const events = (stage: SetUpStage) => new EventBridgeClient(stage.client);
const lambda = (stage: SetUpStage) => new LambdaClient(stage.client);
const at = ({ outputs }: SetUpStage) => ({ EventBusName: outputs.eventBusName, Rule: outputs.ruleName });
/** The same name in another account. */
const elsewhere = (arn: string) => arn.replace('123456789012', '999999999999');
const named = ({ outputs }: SetUpStage) => ({ EventBusName: outputs.eventBusName, Name: outputs.ruleName });

async function targetOf(stage: SetUpStage): Promise<Target> {
  const { Targets } = await events(stage).send(new ListTargetsByRuleCommand(at(stage)));
  return Targets?.[0] as Target;
}

async function putTarget(stage: SetUpStage, change: Partial<Target>) {
  const { RetryPolicy, DeadLetterConfig, ...target } = { ...(await targetOf(stage)), ...change };
  const Targets = [
    {
      ...target,
      ...(RetryPolicy ? { RetryPolicy } : {}),
      ...(DeadLetterConfig ? { DeadLetterConfig } : {}),
    },
  ];
  await events(stage).send(new PutTargetsCommand({ ...at(stage), Targets }));
}

/** PutRule forgets what it is not told. */
async function putRule(stage: SetUpStage, change: { Description?: string; EventPattern?: string }) {
  const pattern = { source: [stage.outputs.eventBusName], 'detail-type': [{ prefix: 'checkout.session.' }] };
  await events(stage).send(
    new PutRuleCommand({
      ...named(stage),
      Description: 'x',
      EventPattern: JSON.stringify(pattern),
      State: 'ENABLED',
      ...change,
    }),
  );
}

const policyOf = async (stage: SetUpStage) => {
  const { Attributes } = await new SQSClient(stage.client).send(
    new GetQueueAttributesCommand({
      QueueUrl: stage.outputs.deliveryFailuresQueueUrl,
      AttributeNames: ['Policy'],
    }),
  );
  return JSON.parse(Attributes?.Policy ?? '{}') as { Statement: Record<string, unknown>[] };
};

const setPolicy = (stage: SetUpStage, policy: object) =>
  new SQSClient(stage.client).send(
    new SetQueueAttributesCommand({
      QueueUrl: stage.outputs.deliveryFailuresQueueUrl,
      Attributes: { Policy: JSON.stringify(policy) },
    }),
  );

/** A statement that a person added, which must outlive the fix. */
const THEIRS = {
  Sid: 'SomebodyLooks',
  Effect: 'Allow',
  Principal: { AWS: '123456789012' },
  Action: 'sqs:GetQueueAttributes',
  Resource: '*',
};

async function replacePermission(stage: SetUpStage, change: { SourceArn: string; SourceAccount?: string }) {
  const FunctionName = stage.outputs.eventFunctionName;
  const { Policy } = await lambda(stage).send(new GetPolicyCommand({ FunctionName }));
  for (const { Sid } of JSON.parse(Policy ?? '{}').Statement as { Sid: string }[])
    await lambda(stage).send(new RemovePermissionCommand({ FunctionName, StatementId: Sid }));
  await lambda(stage).send(
    new AddPermissionCommand({
      FunctionName,
      StatementId: 'by-hand',
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      ...change,
    }),
  );
}

const removeByHand = (stage: SetUpStage) =>
  lambda(stage).send(
    new RemovePermissionCommand({ FunctionName: stage.outputs.eventFunctionName, StatementId: 'by-hand' }),
  );

describe('the rule', () => {
  breakIt([
    {
      broken: 'It is disabled',
      check: 'eventbridge.rule-enabled',
      reason: /cachao-dev-stripe is DISABLED/,
      break: (stage) => events(stage).send(new DisableRuleCommand(named(stage))),
      fixed: true,
      planned: /state: DISABLED -> ENABLED/,
    },
    {
      broken: 'It was deleted',
      check: 'eventbridge.rule',
      reason: /the rule cachao-dev-stripe is gone from aws\.partner/,
      break: async (stage) => {
        await events(stage).send(new RemoveTargetsCommand({ ...at(stage), Ids: ['stripe-event'] }));
        await events(stage).send(new DeleteRuleCommand(named(stage)));
      },
      fixed: true,
      planned: /\+ StripeEventRule, which was deleted by hand/,
    },
    {
      broken: 'It lost its description',
      check: 'eventbridge.rule-description',
      reason: /cachao-dev-stripe has no description/,
      break: (stage) => putRule(stage, { Description: '' }),
      fixed: true,
      planned: /StripeEventRule Description: .*-> Delivers Stripe checkout events/,
    },
    {
      broken: 'Its pattern says stripe.com',
      check: 'eventbridge.pattern',
      reason: /matches nothing that Stripe sends: the source of its events is aws\.partner\/stripe\.com\/ed_/,
      break: (stage) => putRule(stage, { EventPattern: '{"source":["stripe.com"]}' }),
      fixed: true,
      planned: /StripeEventRule EventPattern/,
    },
    {
      broken: 'Its pattern leaves a type out',
      check: 'eventbridge.pattern',
      reason: /does not match checkout\.session\.expired$/,
      break: (stage) =>
        putRule(stage, {
          EventPattern: JSON.stringify({
            source: [stage.outputs.eventBusName],
            'detail-type': ['checkout.session.completed', { prefix: 'checkout.session.async_payment' }],
          }),
        }),
      fixed: true,
    },
    {
      broken: 'Its pattern matches whatever anybody sends',
      check: 'eventbridge.pattern',
      reason: /also matches events that Stripe did not send/,
      break: (stage) => putRule(stage, { EventPattern: '{"detail-type":[{"prefix":"checkout.session."}]}' }),
      fixed: true,
    },
    {
      broken: 'Its target is another function',
      check: 'eventbridge.target',
      reason: /sends to arn:.*OperationsFunction.*, which is not the handler/,
      break: (stage) => putTarget(stage, { Arn: stage.outputs.operationsFunctionArn }),
      fixed: true,
      planned: /StripeEventRule Targets\.0\.Arn/,
    },
    {
      broken: 'Its target is a function of the same name in another account',
      check: 'eventbridge.target',
      reason:
        /sends to arn:aws:lambda:eu-west-1:999999999999:\S*StripeEventFunction\S*, which is not the handler/,
      also: { 'delivery.single-handler': 'fail' },
      break: (stage) => putTarget(stage, { Arn: elsewhere(stage.outputs.eventFunctionArn) }),
      fixed: true,
    },
    {
      broken: 'What it cannot deliver goes to a queue of the same name in another account',
      check: 'eventbridge.dlq',
      reason: /cannot deliver goes to arn:aws:sqs:eu-west-1:999999999999:\S*, in another account or region$/,
      break: (stage) =>
        putTarget(stage, { DeadLetterConfig: { Arn: elsewhere(stage.outputs.deliveryFailuresQueueArn) } }),
      fixed: true,
      planned: /dead-letter queue: arn:\S*:999999999999:\S* -> arn:/,
    },
    {
      broken: 'What it cannot deliver goes to another queue, where no replay looks',
      check: 'eventbridge.dlq',
      reason: /cannot deliver goes to arn:\S*FunctionFailuresQueue\S*, not to the queue of the stack$/,
      break: (stage) =>
        putTarget(stage, { DeadLetterConfig: { Arn: stage.outputs.functionFailuresQueueArn } }),
      fixed: true,
    },
    {
      broken: 'It has no target',
      check: 'eventbridge.target',
      reason: /cachao-dev-stripe has no target/,
      also: { 'eventbridge.retry': 'skipped', 'eventbridge.dlq': 'skipped' },
      break: (stage) => events(stage).send(new RemoveTargetsCommand({ ...at(stage), Ids: ['stripe-event'] })),
      fixed: true,
    },
    {
      broken: "Its target retries by AWS's defaults",
      check: 'eventbridge.retry',
      reason: /retries by AWS's defaults/,
      break: (stage) => putTarget(stage, { RetryPolicy: undefined as never }),
      fixed: true,
      planned: /RetryPolicy/,
    },
    {
      broken: 'Its target has no dead-letter queue',
      check: 'eventbridge.dlq',
      reason: /the target of cachao-dev-stripe has no dead-letter queue/,
      break: (stage) => putTarget(stage, { DeadLetterConfig: undefined as never }),
      fixed: true,
      planned: /dead-letter queue: \(none\) -> arn:/,
      repaired: async (stage) => {
        expect((await targetOf(stage)).RetryPolicy).toEqual({
          MaximumRetryAttempts: 185,
          MaximumEventAgeInSeconds: 86400,
        });
      },
    },
    {
      broken: "The queue's policy does not name the rule",
      check: 'eventbridge.dlq',
      reason: /the policy of .*DeliveryFailuresQueue.* does not let the rule cachao-dev-stripe send/,
      break: async (stage) => {
        const { Statement, ...policy } = await policyOf(stage);
        const kept = Statement.filter(({ Sid }) => Sid !== 'RuleSends');
        await setPolicy(stage, { ...policy, Statement: [...kept, THEIRS] });
      },
      fixed: true,
      planned: /\+ arn:.*rule\/aws\.partner\/.* may send/,
      repaired: async (stage) => {
        expect((await policyOf(stage)).Statement).toContainEqual(
          expect.objectContaining({ Sid: 'SomebodyLooks' }),
        );
      },
    },
    {
      broken: 'The function lets in a rule without its bus',
      check: 'eventbridge.permission',
      reason: /its permission names rule\/cachao-dev-stripe, without the bus that the rule is on/,
      break: (stage) =>
        replacePermission(stage, {
          SourceArn: 'arn:aws:events:eu-west-1:123456789012:rule/cachao-dev-stripe',
        }),
      fixed: true,
      planned: /StripeEventPermission, which was deleted by hand/,
      undo: removeByHand,
    },
    {
      broken: 'The function lets in rules of any account',
      check: 'eventbridge.permission',
      outcome: 'warn',
      reason: /^rules of any account may invoke /,
      break: (stage) => replacePermission(stage, { SourceArn: 'arn:aws:events:*:*:rule/*' }),
      fixed: false,
      undo: async (stage) => {
        await removeByHand(stage);
        await stage.repair('eventbridge.permission');
      },
    },
    {
      broken: "The function's permission asks for a SourceAccount",
      check: 'eventbridge.permission',
      reason: /asks for a SourceAccount, which EventBridge does not send/,
      break: (stage) =>
        replacePermission(stage, { SourceArn: stage.outputs.ruleArn, SourceAccount: '123456789012' }),
      fixed: true,
      undo: removeByHand,
    },
    {
      broken: 'The archive was deleted',
      check: 'eventbridge.archive',
      reason: /no archive keeps the events of the bus/,
      break: (stage) =>
        events(stage).send(new DeleteArchiveCommand({ ArchiveName: stage.outputs.archiveName })),
      fixed: true,
      planned: /\+ StripeEventArchive, which was deleted by hand/,
    },
  ]);
});
