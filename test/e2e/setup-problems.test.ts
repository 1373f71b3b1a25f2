import fs from 'node:fs';
import path from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestCloud, type TestCloud } from '../support/local-cloud.js';
import { cachao, workingDirectory } from './support/cli.js';
import { environmentFor } from './support/clouds.js';
import { schemaErrors } from './support/schema.js';

/** Each way in which the first setup goes wrong for people: a true error, that helps, and the right exit code. */
describe('cachao setup, when something is wrong', () => {
  let cloud: TestCloud;
  let directory: ReturnType<typeof workingDirectory>;
  beforeEach(async () => {
    cloud = await startTestCloud();
    directory = workingDirectory();
  });
  afterEach(async () => {
    await cloud.close();
    await directory.remove();
  });

  async function setup(environment: Record<string, string | undefined>, ...args: string[]) {
    const clean = Object.fromEntries(
      Object.entries({ ...environmentFor(cloud), ...environment }).filter(([, value]) => value !== undefined),
    ) as Record<string, string>;
    const result = await cachao(['setup', '--yes', '--skip-checkout', '--json', ...args], {
      cwd: directory.path,
      environment: clean,
    });
    const report = JSON.parse(result.stdout);
    expect(schemaErrors(report)).toEqual([]);
    return { ...result, report };
  }

  it('names every missing answer at once, with its flag and variable, and asks nobody', async () => {
    const { code, report } = await setup({
      AWS_REGION: undefined,
      AWS_DEFAULT_REGION: undefined,
      STRIPE_API_KEY: undefined,
      CACHAO_DATABASE: undefined,
      CACHAO_DATABASE_PASSWORD: undefined,
    });
    expect(code).toBe(4);
    expect(report.error.code).toBe('ANSWERS_NEEDED');
    const next = report.error.next.join('\n');
    for (const word of ['--region', 'AWS_REGION', 'STRIPE_API_KEY', '--database', 'CACHAO_DATABASE'])
      expect(next).toContain(word);
    expect(fs.existsSync(path.join(directory.path, 'cachao.config.json'))).toBe(false);
  });

  it('says that a region is wrong', async () => {
    const { code, report } = await setup({}, '--region', 'eu-west-9');
    expect(code).toBe(3);
    expect(JSON.stringify(report)).toContain('eu-west-9');
  });

  it('says what is wrong with the shape of a key, without showing it', async () => {
    const { code, report, stdout, stderr } = await setup({
      STRIPE_API_KEY: 'pk_test_canary0123456789canary',
    });
    expect(code).toBe(2);
    expect(report.error.code).toBe('STRIPE_KEY_SHAPE');
    expect(stdout + stderr).not.toContain('canary0123456789');
  });

  it('refuses a live key on a test stage', async () => {
    const { code, report } = await setup({ STRIPE_API_KEY: cloud.stripeLiveKey });
    expect(code).toBe(1);
    expect(report.findings.find((finding: { id: string }) => finding.id === 'account.mode')).toMatchObject({
      outcome: 'fail',
      actual: 'a live key',
    });
    expect(report.changes).toEqual([]);
  });

  it('refuses a password in the database URL, and does not repeat it', async () => {
    const { code, report, stdout, stderr } = await setup(
      { CACHAO_DATABASE: undefined },
      '--database',
      'mysql://root:hunter2hunter2@127.0.0.1/shop',
    );
    expect(code).toBe(2);
    expect(report.error.code).toBe('PASSWORD_IN_URL');
    expect(stdout + stderr).not.toContain('hunter2hunter2');
  });

  it('says that AWS cannot be reached, and could not look', async () => {
    const { code, report } = await setup({ AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });
    expect(code).toBe(3);
    expect(report.findings[0]).toMatchObject({ id: 'account.aws-identity', outcome: 'unknown' });
    expect(report.findings[0].summary).toMatch(/reach|ECONNREFUSED/);
  });

  it('says that there are no AWS credentials, and offers the local cloud', async () => {
    const { code, report } = await setup({ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined });
    expect(code).toBe(3);
    expect(JSON.stringify(report)).toContain('--local');
  });

  it('replaces a stack that failed to be created', async () => {
    const client = new CloudFormationClient(cloud.client);
    const TemplateBody = JSON.stringify({
      Resources: {
        Bad: {
          Type: 'AWS::SSM::Parameter',
          Properties: { Type: 'String', Name: '/aws/forbidden', Value: 'x' },
        },
      },
    });
    await client.send(new CreateStackCommand({ StackName: 'cachao-dev', TemplateBody }));
    await expect
      .poll(
        async () =>
          (await client.send(new DescribeStacksCommand({ StackName: 'cachao-dev' }))).Stacks?.[0]
            ?.StackStatus,
      )
      .toBe('ROLLBACK_COMPLETE');
    const { code, report } = await setup({});
    expect(report.error).toBeNull();
    expect(code).toBe(0);
    expect(report.changes.some((change: { check: string }) => change.check === 'stack.healthy')).toBe(true);
  });

  it('stops waiting for a source that never appears, says so, and goes on from there the next time', async () => {
    await cloud.cloud.clock.setMode('manual');
    const stopped = await setup({}, '--source-timeout', '1');
    expect(stopped.code).toBe(1);
    expect(stopped.report.error.code).toBe('SOURCE_NEVER_APPEARED');
    cloud.cloud.clock.setMode('hasten', 600);
    const again = await setup({});
    expect(again.code).toBe(0);
    expect(
      again.report.changes.some((change: { check: string }) => change.check === 'stripe.destination'),
    ).toBe(false);
  });

  it('says that Stripe allows no further webhook endpoint', async () => {
    const { hostname: host, port } = new URL(cloud.stripe);
    const stripe = new Stripe(cloud.environment.STRIPE_API_KEY as string, { host, port, protocol: 'http' });
    for (let n = 0; n < 16; n++)
      await stripe.webhookEndpoints.create({
        url: `https://example.com/${n}`,
        enabled_events: ['charge.refunded'],
      });
    const { code, report } = await setup({});
    expect(code).toBe(1);
    expect(report.error.code).toBe('WEBHOOK_LIMIT');
    expect(report.error.next.join(' ')).toContain('--no-webhook');
  });

  it('stops before a second handler on the same money, and goes on when that is intended', async () => {
    const { hostname: host, port } = new URL(cloud.stripe);
    const stripe = new Stripe(cloud.environment.STRIPE_API_KEY as string, { host, port, protocol: 'http' });
    await stripe.webhookEndpoints.create({
      url: 'https://shop.example.com/stripe',
      enabled_events: ['checkout.session.completed'],
    });
    const stopped = await setup({});
    expect(stopped.code).toBe(1);
    expect(stopped.report.changes).toEqual([]);
    expect(
      stopped.report.findings.find((finding: { id: string }) => finding.id === 'delivery.single-handler'),
    ).toMatchObject({ outcome: 'fail' });
    const told = await setup({}, '--acknowledged-handlers', 'https://shop.example.com/stripe');
    expect(told.code).toBe(0);
  });
});
