import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, DeleteRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCloud, type TestCloud } from '../support/local-cloud.js';
import { cachao, workingDirectory } from './support/cli.js';
import { environmentFor } from './support/clouds.js';
import { stripeOf } from './support/world.js';

/** A stage that takes real money: more than --yes is wanted, nothing is paid, and the report says so. */
describe('a live stage', () => {
  let cloud: TestCloud;
  let account: string;
  const directory = workingDirectory();
  const run = (...args: string[]) =>
    cachao(args, {
      cwd: directory.path,
      environment: { ...environmentFor(cloud), STRIPE_API_KEY: cloud.stripeLiveKey, CACHAO_MODE: 'live' },
    });

  beforeAll(async () => {
    cloud = await startTestCloud();
    account = (await stripeOf(cloud).accounts.retrieveCurrent()).id;
  });
  afterAll(async () => {
    await cloud.close();
    await directory.remove();
  });

  it('is not written to without the account being named', async () => {
    const unnamed = await run('setup', '--yes', '--no-webhook', '--json');
    expect(unnamed.code).toBe(4);
    expect(JSON.parse(unnamed.stdout).error.next.join(' ')).toContain(`--confirm-live ${account}`);
    const wrong = await run('setup', '--yes', '--no-webhook', '--json', '--confirm-live', 'acct_another');
    expect(wrong.code).toBe(1);
    expect(JSON.parse(wrong.stdout).error.code).toBe('LIVE_NOT_CONFIRMED');
    expect((await stripeOf(cloud).v2.core.eventDestinations.list()).data).toEqual([]);
  });

  it('is proven by a session that expires, and says that payment was not exercised', async () => {
    const setup = await run('setup', '--yes', '--no-webhook', '--json', '--confirm-live', account);
    const report = JSON.parse(setup.stdout);
    expect(report.error).toBeNull();
    expect(setup.code).toBe(0);
    expect(report.checkout).toMatchObject({ proof: 'expiry', passed: true, testOrderRemoved: true });
    expect(report.checkout.summary).toContain('payment itself was not exercised');
    expect(report.checkout.paths.map((path: { via: string }) => path.via)).toEqual(['eventbridge']);
  });

  it('has a stack that cannot be deleted by mistake', async () => {
    const { Stacks } = await new CloudFormationClient(cloud.client).send(
      new DescribeStacksCommand({ StackName: 'cachao-dev' }),
    );
    expect(Stacks?.[0]?.EnableTerminationProtection).toBe(true);
  });

  it('is repaired, and proven by doctor, only when the account is named', async () => {
    const group = { logGroupName: '/cachao/cachao-dev/stripe-event' };
    const logs = new CloudWatchLogsClient(cloud.client);
    await logs.send(new DeleteRetentionPolicyCommand(group));
    const fix = ['doctor', '--fix', '--yes', '--json', '--only', 'log.retention'];
    const unnamed = await run(...fix, '--no-color');
    expect(unnamed.code).toBe(4);
    expect(JSON.parse(unnamed.stdout)).toMatchObject({ changes: [], findings: [{ outcome: 'warn' }] });
    expect(JSON.parse(unnamed.stdout).error.next.join(' ')).toContain(`--confirm-live ${account}`);
    const named = await run(...fix, '--confirm-live', account);
    expect(JSON.parse(named.stdout)).toMatchObject({ outcome: 'changed', findings: [{ outcome: 'pass' }] });
    const proof = await run('doctor', '--only', 'delivery.end-to-end', '--json');
    expect([proof.code, JSON.parse(proof.stdout).error.code]).toEqual([4, 'ANSWERS_NEEDED']);
  });
});
