import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { breakIt } from '../support/break-it.js';
import { openStage, type SetUpStage, setUpStage } from '../support/set-up-stage.js';

async function put(stage: SetUpStage, path: string, body: object): Promise<void> {
  const answer = await fetch(`${stage.cloud.aws}/_cachao/${path}`, {
    method: 'PUT',
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
}

const deny = (action: string) => ({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    { Effect: 'Deny', Action: action, Resource: '*' },
  ],
});

describe('the account', () => {
  breakIt([
    {
      broken: 'The operator may not look at API stages',
      check: 'account.permissions',
      reason: /^operator may not do 1 of \d+ actions: apigateway:GET$/,
      also: {
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
      reason: /may not do iam:SimulatePrincipalPolicy/,
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
  }, 180_000);
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
});
