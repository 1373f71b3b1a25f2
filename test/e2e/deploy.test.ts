import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListChangeSetsCommand,
} from '@aws-sdk/client-cloudformation';
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCloud, type TestCloud } from '../support/local-cloud.js';
import { cachao, workingDirectory } from './support/cli.js';
import { environmentFor } from './support/clouds.js';
import { schemaErrors } from './support/schema.js';
import { stripeOf } from './support/world.js';

describe('cachao deploy', () => {
  let cloud: TestCloud;
  const directory = workingDirectory();
  const run = (args: string[], environment: Record<string, string> = {}) =>
    cachao(args, { cwd: directory.path, environment: { ...environmentFor(cloud), ...environment } });
  const deploy = async (...args: string[]) => {
    const result = await run(['deploy', '--json', ...args]);
    const report = JSON.parse(result.stdout);
    expect(schemaErrors(report)).toEqual([]);
    return { ...result, report };
  };
  const stack = async () => {
    const client = new CloudFormationClient(cloud.client);
    const [{ Stacks }, { Summaries }] = await Promise.all([
      client.send(new DescribeStacksCommand({ StackName: 'cachao-dev' })),
      client.send(new ListChangeSetsCommand({ StackName: 'cachao-dev' })),
    ]);
    return {
      outputs: Object.fromEntries(Stacks?.[0]?.Outputs?.map((o) => [o.OutputKey, o.OutputValue]) ?? []),
      parameters: Object.fromEntries(
        Stacks?.[0]?.Parameters?.map((p) => [p.ParameterKey, p.ParameterValue]) ?? [],
      ),
      waiting: Summaries?.filter((one) => one.ExecutionStatus === 'AVAILABLE').map(
        (one) => one.ChangeSetName,
      ),
    };
  };

  beforeAll(async () => {
    cloud = await startTestCloud();
    expect((await run(['setup', '--yes', '--json'])).code).toBe(0);
  });
  afterAll(async () => {
    await cloud.close();
    await directory.remove();
  });

  it('says that nothing is to be deployed, and that is success', async () => {
    const { code, report } = await deploy('--yes');
    expect(report).toMatchObject({ outcome: 'unchanged', changes: [], changeSet: null, error: null });
    expect(code).toBe(0);
    expect((await run(['deploy'])).stdout).toContain('nothing to deploy');
  });

  it('shows with --dry-run what differs, and makes no change set', async () => {
    const { code, report } = await deploy('--dry-run', '--throttle-rate', '7');
    expect(report).toMatchObject({ outcome: 'planned', changeSet: null });
    expect(report.changes[0].details).toEqual(['~ parameter ThrottleRate: 50 → 7']);
    expect(code).toBe(0);
    expect((await stack()).waiting).toEqual([]);
  });

  it('asks before anything is uploaded, and leaves no change set where nobody can answer', async () => {
    const { code, report } = await deploy('--throttle-rate', '7');
    expect(report.error.code).toBe('ANSWERS_NEEDED');
    expect(code).toBe(4);
    expect((await stack()).waiting).toEqual([]);
  });

  it('leaves the change set for later with --no-execute, and the next one takes its place', async () => {
    const first = await deploy('--no-execute', '--throttle-rate', '7');
    expect(first.report).toMatchObject({ outcome: 'planned', changeSet: { executed: false } });
    expect(first.code).toBe(0);
    expect((await stack()).waiting).toEqual([first.report.changeSet.name]);
    const text = await run(['deploy', '--no-execute', '--throttle-rate', '7']);
    const [name] = (await stack()).waiting ?? [];
    expect(text.stdout).toContain(
      `aws cloudformation execute-change-set --stack-name cachao-dev --change-set-name ${name}`,
    );
    const { code, report } = await deploy('--yes', '--throttle-rate', '7');
    expect(report).toMatchObject({ outcome: 'changed', changeSet: { executed: true }, handMade: [] });
    expect(report.changes.map((change: { name: string }) => change.name)).toEqual(['WebhookStage']);
    expect(code).toBe(0);
    expect(await stack()).toMatchObject({ parameters: { ThrottleRate: '7' }, waiting: [] });
  });

  it('needs more than --yes to delete, and then takes the webhook away', async () => {
    const refused = await deploy('--yes', '--no-webhook');
    expect(refused.report.error.next.join()).toContain('--allow-deletions');
    expect(refused.code).toBe(4);
    expect((await stack()).waiting).toEqual([]);
    const { code } = await deploy('--yes', '--no-webhook', '--allow-deletions');
    expect(code).toBe(0);
    expect((await stack()).outputs.WebhookApiId).toBeUndefined();
    expect((await deploy('--yes', '--webhook')).code).toBe(0);
  });

  it('warns of what was changed by hand before it overwrites it', async () => {
    const { outputs } = await stack();
    await new LambdaClient(cloud.client).send(
      new UpdateFunctionConfigurationCommand({ FunctionName: outputs.EventFunctionName, Timeout: 29 }),
    );
    await new SQSClient(cloud.client).send(
      new SetQueueAttributesCommand({
        QueueUrl: outputs.DeliveryFailuresQueueUrl,
        Attributes: { MessageRetentionPeriod: '60' },
      }),
    );
    const { report, stderr } = await deploy('--yes', '--currency', 'usd');
    const seen = Object.fromEntries(
      report.handMade.map((one: { logicalId: string }) => [one.logicalId, one] as const),
    );
    expect(seen.StripeEventFunction).toMatchObject({
      overwritten: true,
      differences: ['Timeout: 30 -> 29'],
    });
    expect(seen.DeliveryFailuresQueue).toMatchObject({
      overwritten: false,
      differences: ['MessageRetentionPeriod: 1209600 -> 60'],
    });
    expect(stderr).toContain('MAY BE OVERWRITTEN');
  });

  it('refuses a stack that is somebody else’s', async () => {
    const { code, report } = await deploy('--yes', '--no-managed');
    expect(report.error).toMatchObject({ code: 'STACK_NOT_OURS' });
    expect(code).toBe(2);
  });

  it('says what is missing where nothing was set up, and changes nothing', async () => {
    const elsewhere = workingDirectory();
    const options = {
      cwd: elsewhere.path,
      environment: { ...environmentFor(cloud), CACHAO_STAGE: 'other' },
    };
    const { code, stdout } = await cachao(['deploy', '--yes', '--json'], options);
    const report = JSON.parse(stdout);
    const failed = report.findings.filter((finding: { outcome: string }) => finding.outcome === 'fail');
    expect(failed.map((finding: { id: string }) => finding.id)).toEqual([
      'stripe.destination',
      'secret.database',
    ]);
    expect(code).toBe(1);
    expect(report.changes).toEqual([]);
    expect((await cachao(['deploy', '--yes'], options)).stdout).toContain('cachao setup');
    await elsewhere.remove();
  });

  it('does not deploy a live stage before its account is named', async () => {
    const live = { STRIPE_API_KEY: cloud.stripeLiveKey, CACHAO_MODE: 'live', CACHAO_STAGE: 'prod' };
    const account = (await stripeOf(cloud).accounts.retrieveCurrent()).id;
    const setup = ['setup', '--yes', '--no-webhook', '--skip-checkout', '--confirm-live', account];
    expect((await run(setup, live)).code).toBe(0);
    const refused = await run(['deploy', '--yes', '--json', '--throttle-rate', '9', '--no-webhook'], live);
    expect(JSON.parse(refused.stdout).error.next.join()).toContain(`--confirm-live ${account}`);
    expect(refused.code).toBe(4);
  });
});
