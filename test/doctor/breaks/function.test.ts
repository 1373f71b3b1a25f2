import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  type UpdateFunctionConfigurationCommandInput,
} from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { strToU8, zipSync } from 'fflate';
import { describe, expect } from 'vitest';
import { breakIt } from '../support/break-it.js';
import type { SetUpStage } from '../support/set-up-stage.js';

const lambda = (stage: SetUpStage) => new LambdaClient(stage.client);
const iam = (stage: SetUpStage) => new IAMClient(stage.client);
const handler = ({ outputs }: SetUpStage) => ({ FunctionName: outputs.eventFunctionName });

const SECRET = 'whsec_ThisWasNeverMeantToBeRead1234';

async function roleOf(stage: SetUpStage): Promise<string> {
  const { Role } = await lambda(stage).send(new GetFunctionConfigurationCommand(handler(stage)));
  return Role?.split('/').at(-1) ?? '';
}

async function putRolePolicy(stage: SetUpStage, name: string, ...statements: object[]) {
  await iam(stage).send(
    new PutRolePolicyCommand({
      RoleName: await roleOf(stage),
      PolicyName: name,
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
    }),
  );
}

const allow = (Action: string | string[], Resource: string) => ({ Effect: 'Allow', Action, Resource });

async function configure(stage: SetUpStage, change: Partial<UpdateFunctionConfigurationCommandInput>) {
  await lambda(stage).send(new UpdateFunctionConfigurationCommand({ ...handler(stage), ...change }));
  for (;;) {
    const found = await lambda(stage).send(new GetFunctionConfigurationCommand(handler(stage)));
    if (found.LastUpdateStatus !== 'InProgress') return;
  }
}

async function queueStatements(stage: SetUpStage) {
  const { Attributes } = await new SQSClient(stage.client).send(
    new GetQueueAttributesCommand({
      QueueUrl: stage.outputs.functionFailuresQueueUrl,
      AttributeNames: ['Policy'],
    }),
  );
  return JSON.parse(Attributes?.Policy ?? '{}').Statement as { Sid: string }[];
}

/** What was counted cannot be uncounted; only its day passes. */
async function forgetMetrics(stage: SetUpStage) {
  const hours = stage.cloud.cloud.store.table('monitoring.hours');
  for (const key of hours.keys()) hours.delete(key);
  await ringing(stage, false);
}

/** Waits until an alarm rings, or none does any more. */
async function ringing(stage: SetUpStage, wanted: boolean) {
  const client = new CloudWatchClient(stage.client);
  for (;;) {
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ StateValue: 'ALARM' }));
    if ((MetricAlarms?.length ?? 0) > 0 === wanted) return;
    await sleep(50);
  }
}

async function keepFailures(stage: SetUpStage, Destination: string): Promise<void> {
  await putRolePolicy(stage, 'by-hand', allow('sqs:SendMessage', Destination));
  await lambda(stage).send(
    new PutFunctionEventInvokeConfigCommand({
      ...handler(stage),
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 21600,
      DestinationConfig: { OnFailure: { Destination } },
    }),
  );
}

async function changeVariable(stage: SetUpStage, name: string, value: string): Promise<void> {
  const { Environment } = await lambda(stage).send(new GetFunctionConfigurationCommand(handler(stage)));
  await configure(stage, { Environment: { Variables: { ...Environment?.Variables, [name]: value } } });
}

describe('the functions', () => {
  breakIt([
    {
      broken: 'The handler was deleted',
      check: 'function.state',
      reason: /StripeEventFunction\S* does not exist/,
      also: { 'eventbridge.target': 'fail' },
      break: (stage) => lambda(stage).send(new DeleteFunctionCommand(handler(stage))),
      fixed: true,
      planned: /\+ StripeEventFunction, which was deleted by hand/,
    },
    {
      broken: 'Its runtime is no longer patched',
      check: 'function.runtime',
      reason: /runs on nodejs20\.x, which AWS stopped patching on 2026-04-30/,
      // AWS lets nobody choose it any more; whoever has it, has it.
      break: async (stage) => {
        const table = stage.cloud.cloud.store.table<{ runtime: string }>('lambda.functions');
        const arn = stage.outputs.eventFunctionArn;
        table.set(arn, { ...table.get(arn), runtime: 'nodejs20.x' });
      },
      fixed: true,
      planned: /StripeEventFunction Runtime: nodejs20\.x -> nodejs24\.x/,
    },
    {
      broken: 'It runs code that somebody pasted',
      check: 'function.current',
      reason: /StripeEventFunction\S* runs other code than this checkout's/,
      // It does not know the question which database it uses.
      also: { 'database.used': 'unknown' },
      break: async (stage) => {
        const ZipFile = zipSync({ 'index.js': strToU8('exports.handler = async () => {};') });
        await lambda(stage).send(new UpdateFunctionCodeCommand({ ...handler(stage), ZipFile }));
      },
      fixed: true,
      planned: /code: \S+ -> \S+/,
    },
    {
      broken: 'Its reservation was taken away',
      check: 'function.concurrency',
      reason: /StripeEventFunction\S* has none reserved/,
      break: (stage) => lambda(stage).send(new DeleteFunctionConcurrencyCommand(handler(stage))),
      fixed: true,
      planned: /ReservedConcurrentExecutions: \(none\) -> 10/,
    },
    {
      broken: 'Somebody pulled the emergency brake',
      check: 'function.concurrency',
      outcome: 'fail',
      reason: /may not run: 0 executions are reserved/,
      break: (stage) =>
        lambda(stage).send(
          new PutFunctionConcurrencyCommand({ ...handler(stage), ReservedConcurrentExecutions: 0 }),
        ),
      fixed: true,
    },
    {
      broken: "It is retried by Lambda's defaults",
      check: 'function.async',
      reason: /is retried by Lambda's defaults/,
      break: (stage) =>
        lambda(stage).send(
          new PutFunctionEventInvokeConfigCommand({
            ...handler(stage),
            DestinationConfig: { OnFailure: { Destination: stage.outputs.functionFailuresQueueArn } },
          }),
        ),
      fixed: true,
      planned: /StripeEventInvokeConfig MaximumRetryAttempts/,
    },
    {
      broken: 'What it fails on goes to a queue of the same name in another region',
      check: 'function.dlq',
      reason: /fails on goes to arn:aws:sqs:us-west-2:123456789012:\S*, in another account or region$/,
      break: (stage) =>
        keepFailures(stage, stage.outputs.functionFailuresQueueArn.replace('eu-west-1', 'us-west-2')),
      fixed: true,
    },
    {
      broken: 'What it fails on goes to another queue, where no replay looks',
      check: 'function.dlq',
      reason: /fails on goes to arn:\S*DeliveryFailuresQueue\S*, not to the queue of the stack$/,
      break: (stage) => keepFailures(stage, stage.outputs.deliveryFailuresQueueArn),
      fixed: true,
    },
    {
      broken: 'It drops what it fails on',
      check: 'function.dlq',
      reason: /drops what it fails on: it has no queue for failures/,
      break: (stage) =>
        lambda(stage).send(
          new PutFunctionEventInvokeConfigCommand({
            ...handler(stage),
            MaximumRetryAttempts: 2,
            MaximumEventAgeInSeconds: 21600,
          }),
        ),
      fixed: true,
      planned: /StripeEventInvokeConfig/,
    },
    {
      broken: 'Its role may not write to the queue for failures',
      check: 'function.dlq',
      reason: /the role of \S*StripeEventFunction\S* may not send to \S*FunctionFailuresQueue/,
      break: async (stage) => {
        await putRolePolicy(
          stage,
          'stripe-event',
          allow(
            ['logs:CreateLogStream', 'logs:PutLogEvents'],
            'arn:aws:logs:eu-west-1:123456789012:log-group:x',
          ),
          allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
          allow('ssm:GetParameter', 'arn:aws:ssm:eu-west-1:123456789012:parameter/cachao/dev/database'),
        );
        const Statement = (await queueStatements(stage)).filter(({ Sid }) => Sid !== 'HandlerSends');
        await new SQSClient(stage.client).send(
          new SetQueueAttributesCommand({
            QueueUrl: stage.outputs.functionFailuresQueueUrl,
            Attributes: { Policy: JSON.stringify({ Version: '2012-10-17', Statement }) },
          }),
        );
      },
      fixed: true,
      planned: /StripeEventRole Policies/,
    },
    {
      broken: 'X-Ray was switched off',
      check: 'function.tracing',
      reason: /StripeEventFunction\S* is not traced \(PassThrough\)/,
      break: (stage) => configure(stage, { TracingConfig: { Mode: 'PassThrough' } }),
      fixed: true,
      planned: /TracingConfig\.Mode: PassThrough -> Active/,
    },
    {
      broken: 'Its role may not send traces',
      check: 'function.tracing',
      reason: /the role of \S*StripeEventFunction\S* may not xray:PutTraceSegments/,
      break: (stage) =>
        putRolePolicy(stage, 'no-traces', { Effect: 'Deny', Action: 'xray:*', Resource: '*' }),
      fixed: true,
    },
    {
      broken: 'A tag is missing',
      check: 'function.tags',
      reason: /StripeEventFunction\S* lacks Service/,
      break: async (stage) => {
        const { Configuration } = await lambda(stage).send(new GetFunctionCommand(handler(stage)));
        await lambda(stage).send(
          new UntagResourceCommand({ Resource: Configuration?.FunctionArn, TagKeys: ['Service'] }),
        );
      },
      fixed: true,
      planned: /\+ tag Service: cachao/,
    },
    {
      broken: 'Its role may do anything on S3',
      check: 'function.role',
      reason: /StripeEventRole\S* \(by-hand\) allows s3:\*/,
      break: (stage) => putRolePolicy(stage, 'by-hand', allow('s3:*', '*')),
      fixed: true,
      planned: /StripeEventRole Policies/,
    },
    {
      broken: 'Its role names a whole account’s log groups',
      check: 'function.role',
      reason: /allows logs:PutLogEvents on arn:aws:logs:eu-west-1:123456789012:\*/,
      break: (stage) =>
        putRolePolicy(stage, 'by-hand', allow('logs:PutLogEvents', 'arn:aws:logs:eu-west-1:123456789012:*')),
      fixed: true,
    },
    {
      broken: 'A secret stands in its environment',
      check: 'function.secrets',
      reason: /holds a webhook signing secret in STRIPE_WEBHOOK_SECRET/,
      break: async (stage) => {
        const { Environment } = await lambda(stage).send(new GetFunctionConfigurationCommand(handler(stage)));
        await configure(stage, {
          Environment: { Variables: { ...Environment?.Variables, STRIPE_WEBHOOK_SECRET: SECRET } },
        });
        expect(JSON.stringify(await stage.inspect())).not.toContain(SECRET);
      },
      fixed: true,
      planned: /^(?!.*whsec_).*StripeEventFunction Environment\.Variables.*\(not shown\)/,
    },
    {
      broken: 'It looks for the database elsewhere than the other functions',
      check: 'function.environment',
      reason: /StripeEventFunction\S*: CACHAO_DATABASE_PARAMETER is \/cachao\/other\/database$/,
      break: (stage) => changeVariable(stage, 'CACHAO_DATABASE_PARAMETER', '/cachao/other/database'),
      fixed: true,
      planned: /StripeEventFunction Environment/,
    },
    {
      broken: 'A password stands where the name of its parameter belongs, and is not shown',
      check: 'function.environment',
      reason: /CACHAO_DATABASE_PARAMETER is \(another value, not shown\)$/,
      also: { 'function.secrets': 'fail' },
      break: async (stage) => {
        await changeVariable(
          stage,
          'CACHAO_DATABASE_PARAMETER',
          'mysql://shop:pa55word@db.example:3306/shop',
        );
        expect(JSON.stringify(await stage.inspect())).not.toContain('pa55word');
      },
      fixed: true,
    },
    {
      broken: 'It takes the stage for a live one',
      check: 'function.environment',
      reason: /StripeEventFunction\S*: CACHAO_LIVEMODE is true$/,
      break: (stage) => changeVariable(stage, 'CACHAO_LIVEMODE', 'true'),
      fixed: true,
    },
    {
      broken: 'It failed on an event',
      check: 'function.errors',
      reason: /StripeEventFunction\S*: 1 error in 24 h/,
      also: { 'alarm.state': 'fail' },
      break: async (stage) => {
        const Payload = Buffer.from('{"not":"an event"}');
        await lambda(stage).send(new InvokeCommand({ ...handler(stage), Payload }));
        await ringing(stage, true);
      },
      fixed: false,
      undo: forgetMetrics,
    },
  ]);
});
