import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  UpdateStackCommand,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation';
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artifactBucketName } from '../../../src/stack/artifact-bucket.js';
import { askAdmin } from '../../support/local-cloud.js';
import { breakIt } from '../support/break-it.js';
import { openStage, type SetUpStage, setUpStage, type TestStage } from '../support/set-up-stage.js';

async function put(stage: SetUpStage, path: string, body: object): Promise<void> {
  const answer = await askAdmin(stage.cloud, path, 'PUT', body);
  expect(answer.status).toBe(200);
}

const deny = (action: string) => ({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    { Effect: 'Deny', Action: action, Resource: '*' },
  ],
});

const quota = (stage: SetUpStage, concurrentExecutions: number) =>
  put(stage, 'lambda-account?region=eu-west-1', { concurrentExecutions });

/** A deployment that fails at the handler, whose code is not there, and is rolled back. */
const failToDeploy = (stage: SetUpStage) => deployCode(stage, 'handlers/no-such.zip');

/** A deployment from a checkout whose handler is another one, though it does the same. */
async function deployEarlierCode(stage: SetUpStage): Promise<void> {
  const code = unzipSync(readFileSync(new URL('../../../dist/handlers/stripe-event.zip', import.meta.url)));
  const Body = zipSync({ ...code, 'EARLIER.txt': strToU8('of an earlier checkout') });
  const Key = `handlers/stripe-event/${createHash('sha256').update(Body).digest('hex')}.zip`;
  const Bucket = artifactBucketName('123456789012', 'eu-west-1');
  await new S3Client({ ...stage.client, forcePathStyle: true }).send(
    new PutObjectCommand({ Bucket, Key, Body }),
  );
  await deployCode(stage, Key);
}

async function deployCode(stage: SetUpStage, key: string): Promise<void> {
  const client = new CloudFormationClient(stage.client);
  const StackName = 'cachao-dev';
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
  const Parameters = (Stacks?.[0]?.Parameters ?? []).map(({ ParameterKey }) =>
    ParameterKey === 'StripeEventCodeKey'
      ? { ParameterKey, ParameterValue: key }
      : { ParameterKey, UsePreviousValue: true },
  );
  await client.send(
    new UpdateStackCommand({
      ...{ StackName, UsePreviousTemplate: true, Parameters, Capabilities: ['CAPABILITY_IAM'] },
      ...(Stacks?.[0]?.Tags ? { Tags: Stacks[0].Tags } : {}),
    }),
  );
  // Where the code is not there it waits for a success that does not come.
  await waitUntilStackUpdateComplete(
    { client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 },
    { StackName },
  ).catch(() => undefined);
}

describe('the account', () => {
  breakIt([
    {
      broken: 'It can reserve no concurrency any more',
      check: 'account.concurrency',
      reason: /unreserved of 100; 20 cannot be reserved, so none is/,
      // What is deployed still has its reservation.
      also: { 'stack.current': 'warn', 'function.concurrency': 'warn' },
      break: (stage) => quota(stage, 100),
      fixed: false,
      undo: (stage) => quota(stage, 1000),
    },
    {
      broken: 'The operator may not look at API stages',
      check: 'account.permissions',
      reason: /^operator is not authorized to perform 1 of \d+ actions: apigateway:GET$/,
      also: {
        'api.reachable': 'unknown',
        'api.throttled': 'unknown',
        'alarm.webhook': 'unknown',
        'alarm.actions': 'unknown',
        'alarm.state': 'unknown',
      },
      break: (stage) => put(stage, 'enforcement', { policy: deny('apigateway:GET') }),
      fixed: false,
      undo: (stage) => put(stage, 'enforcement', { policy: null }),
    },
    {
      broken: 'Whether it may cannot be asked',
      check: 'account.permissions',
      outcome: 'unknown',
      reason: /is not authorized to perform iam:SimulatePrincipalPolicy/,
      break: (stage) => put(stage, 'enforcement', { policy: deny('iam:SimulatePrincipalPolicy') }),
      fixed: false,
      undo: (stage) => put(stage, 'enforcement', { policy: null }),
    },
  ]);
});

describe('settings that do not fit the account, and the stack', () => {
  let stage: SetUpStage;
  beforeAll(async () => {
    stage = await setUpStage();
  });
  afterAll(() => stage?.close());

  it('a test key on a live stage: account.mode', async () => {
    const live = await openStage({ cloud: stage.cloud, settings: { mode: 'live' } });
    const [, mode] = await live.inspect({ only: ['account.mode'] });
    expect(mode).toMatchObject({ id: 'account.mode', outcome: 'fail' });
    expect(mode?.summary).toMatch(/is a live stage, but the key sk_test_\S+ is in test mode/);
    expect(mode?.remedy?.fixable).toBe(false);
  });

  it('a live stage whose stack anybody may delete: stack.protected', async () => {
    const live = await openStage({ cloud: stage.cloud, settings: { mode: 'live' } });
    const found = (await live.inspect({ only: ['stack.protected'] })).at(-1);
    expect(found).toMatchObject({ id: 'stack.protected', outcome: 'warn' });
    const { finding, changes } = await live.repair('stack.protected');
    expect(finding.outcome).toBe('pass');
    expect(changes[0]?.details).toEqual(['termination protection: off -> on']);
    const { Stacks } = await new CloudFormationClient(stage.client).send(
      new DescribeStacksCommand({ StackName: 'cachao-dev' }),
    );
    expect(Stacks?.[0]?.EnableTerminationProtection).toBe(true);
  });

  it('a time-out that somebody changed: stack.drift', async () => {
    const look = async () => (await stage.inspect({ only: ['stack.drift'] })).at(-1);
    expect((await look())?.summary).toBe('every resource is as the template says');
    await new LambdaClient(stage.client).send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: stage.outputs.eventFunctionName,
        Timeout: 7,
      }),
    );
    const drifted = await look();
    expect(drifted).toMatchObject({ outcome: 'warn' });
    expect(drifted?.summary).toMatch(/^1 resource was changed by hand: StripeEventFunction$/);
    expect(drifted?.evidence.map(({ value }) => value)).toContainEqual('Timeout: 30 -> 7');
    expect((await stage.repair('stack.drift')).finding.outcome).toBe('pass');
  });

  it('code of an earlier checkout: stack.current, told once', async () => {
    const look = async () => {
      const findings = await stage.inspect({ only: ['stack.current', 'function.current'] });
      const of = (id: string) => findings.find((finding) => finding.id === id)?.outcome;
      return [of('stack.current'), of('function.current')];
    };
    await deployEarlierCode(stage);
    expect(await look()).toEqual(['warn', 'pass']);
    const { changes } = await stage.repair('stack.current');
    expect(changes.map(({ resource }) => resource)).toEqual(['CloudFormation stack']);
    expect(changes[0]?.details.join()).toContain('parameter StripeEventCodeKey');
    await stage.refresh();
    expect(await look()).toEqual(['pass', 'pass']);
  });

  it('a deployment that was rolled back: stack.healthy', async () => {
    await failToDeploy(stage);
    const look = async (on: TestStage) => (await on.inspect({ only: ['stack.healthy'] })).at(-1);
    // What runs is what is wanted: nothing is amiss.
    expect((await look(stage))?.summary).toMatch(
      /was rolled back, to what this checkout and these settings say/,
    );
    const wanted = await openStage({ cloud: stage.cloud, settings: { logRetentionDays: 30 } });
    const found = await look(wanted);
    expect(found).toMatchObject({ outcome: 'warn' });
    expect(found?.summary).toMatch(/was rolled back: StripeEventFunction \(AWS::Lambda::Function\): /);
    const { finding } = await wanted.repair('stack.healthy');
    expect(finding.summary).toBe('cachao-dev is UPDATE_COMPLETE');
  });
});
