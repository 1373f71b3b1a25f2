import fs from 'node:fs';
import path from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DisableRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCloud, type TestCloud } from '../support/local-cloud.js';
import { cachao, workingDirectory } from './support/cli.js';
import { environmentFor } from './support/clouds.js';
import { schemaErrors } from './support/schema.js';
import { stripeOf } from './support/world.js';

/** The clouds stand in this process and the CLI in another: it knows them only by their addresses. */
describe('cachao checkout', () => {
  let cloud: TestCloud;
  const directory = workingDirectory();
  const run = (...args: string[]) =>
    cachao(args, { cwd: directory.path, environment: environmentFor(cloud) });

  beforeAll(async () => {
    cloud = await startTestCloud();
    const setup = await run('setup', '--yes', '--json', '--skip-checkout');
    expect(setup.stderr + setup.stdout).toBeTruthy();
    expect(setup.code).toBe(0);
  });
  afterAll(async () => {
    await cloud.close();
    await directory.remove();
  });

  it('passes when every path delivers, and shows each hop', async () => {
    const checkout = await run('checkout', '--debug');
    expect(checkout.code).toBe(0);
    const logs = path.join(directory.path, '.cachao', 'log');
    const [file = ''] = fs.readdirSync(logs);
    expect(checkout.stderr).toContain(`Every call is logged to ${fs.realpathSync(path.join(logs, file))}`);
    expect(fs.statSync(path.join(logs, file)).mode & 0o777).toBe(0o600);
    const log = fs.readFileSync(path.join(logs, file), 'utf8');
    const calls = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const answered = { status: 200, requestId: expect.any(String), durationMs: expect.any(Number) };
    expect(calls).toContainEqual(
      expect.objectContaining({ ...answered, service: 'stripe', operation: 'POST /v1/checkout/sessions' }),
    );
    expect(calls).toContainEqual(
      expect.objectContaining({ ...answered, service: 'lambda', operation: 'InvokeCommand' }),
    );
    expect(log).not.toContain(cloud.environment.STRIPE_API_KEY);
    for (const word of ['Session paid', 'Event created', 'EventBridge', 'Webhook', 'Order committed'])
      expect(checkout.stdout).toContain(word);
  });

  /** Ctrl-C once stderr shows this; what it shows is returned too. */
  async function interrupted(args: string[], at: RegExp) {
    let shown = '';
    const result = await cachao(args, {
      cwd: directory.path,
      environment: environmentFor(cloud),
      started: (child) => {
        let seen = '';
        child.stderr?.on('data', (text) => {
          seen += text;
          if (shown !== '' || !at.test(seen)) return;
          shown = at.exec(seen)?.[0] ?? '';
          child.kill('SIGINT');
        });
      },
    });
    return { ...result, shown };
  }

  async function testOrders(): Promise<unknown> {
    const { hostname: host, port } = new URL(cloud.database.url);
    const login = { user: 'cachao', password: cloud.database.password, database: 'shop' };
    const connection = await createConnection({ host, port: Number(port), ...login });
    const [rows] = await connection.query('SELECT order_id FROM cachao_test_orders');
    await connection.end();
    return rows;
  }

  it.each([['--json'], []])(
    'interrupted while a person is to pay, it leaves nothing behind (%s)',
    async (...mode) => {
      // The link is whole, and alone on its line.
      const { code, stdout, stderr, shown } = await interrupted(
        ['checkout', '--browser', ...mode],
        /^http\S+cs_test_\w+\n/m,
      );
      expect(code, stderr).toBe(130);
      expect(stdout + stderr).toContain('INTERRUPTED');
      const session = await stripeOf(cloud).checkout.sessions.retrieve(/cs_test_\w+/.exec(shown)?.[0] ?? '');
      expect(session.status).toBe('expired');
      expect(await testOrders()).toEqual([]);
    },
  );

  it('fails and names the dead path when the rule is disabled, although the webhook paid the order', async () => {
    const stacks = await new CloudFormationClient(cloud.client).send(
      new DescribeStacksCommand({ StackName: 'cachao-dev' }),
    );
    const outputs = Object.fromEntries(
      (stacks.Stacks?.[0]?.Outputs ?? []).map((output) => [output.OutputKey, output.OutputValue]),
    );
    await new EventBridgeClient(cloud.client).send(
      new DisableRuleCommand({ Name: outputs.RuleName, EventBusName: outputs.EventBusName }),
    );
    const checkout = await run('checkout', '--json', '--timeout', '3');
    expect(checkout.code).toBe(1);
    const report = JSON.parse(checkout.stdout);
    expect(schemaErrors(report)).toEqual([]);
    expect(report.outcome).toBe('problem');
    expect(report.checkout).toMatchObject({ passed: false, orderStatus: 'paid', testOrderRemoved: true });
    expect(report.checkout.summary).toContain('eventbridge did not deliver');

    const cut = await interrupted(['checkout', '--json'], /following the event/);
    expect(cut.code, cut.stderr).toBe(130);
    expect(JSON.parse(cut.stdout).error.code).toBe('INTERRUPTED');
    expect(await testOrders()).toEqual([]);
  });

  it('is repaired by setup, which enables the rule again and changes nothing else', async () => {
    const setup = JSON.parse((await run('setup', '--yes', '--json')).stdout);
    expect(setup.changes.map((change: { check: string }) => change.check)).toEqual([
      'eventbridge.rule-enabled',
    ]);
    expect(setup.checkout.passed).toBe(true);
  });

  it('expires a session instead of paying one in live mode, and says so', async () => {
    const refused = await cachao(['checkout', '--json'], {
      cwd: directory.path,
      environment: { ...environmentFor(cloud), STRIPE_API_KEY: cloud.stripeLiveKey },
    });
    // The stage is a test stage: a live key has no business there.
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('live');
  });
});
