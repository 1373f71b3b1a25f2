import { GetPolicyCommand, LambdaClient, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.js';
import { HOUR, MINUTE, Shop, until } from './support/shop.js';

/** Nobody chose an address for the alarms; and the clouds' time is moved, not that of their HTTP answers. */
const UP_TO_PEOPLE = ['alarm.actions', 'account.clock'];

/** On call: payments were held up, the causes are repaired and the queues replayed. Does doctor say that it is over? */
describe('an incident', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await Shop.open();
  });
  afterAll(() => shop.close());

  const look = async (...args: string[]) => {
    const { code, stdout } = await shop.run('doctor', '--json', ...args);
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    const of = (outcome: string) =>
      findings.filter((finding) => finding.outcome === outcome && !UP_TO_PEOPLE.includes(finding.id));
    const told = [...of('fail'), ...of('unknown'), ...of('warn')].map(
      ({ id, outcome, summary }) => `${outcome} ${id}: ${summary}`,
    );
    return { code, told: `${told.join('\n')}`, failed: of('fail').map(({ id }) => id), warned: of('warn') };
  };

  async function forbid(): Promise<void> {
    const { EventFunctionName: FunctionName } = await shop.outputs();
    const lambda = new LambdaClient(shop.cloud.client);
    const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName }));
    for (const { Sid } of JSON.parse(Policy ?? '{}').Statement as { Sid: string }[])
      await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: Sid }));
  }

  async function waiting(queue: string): Promise<number> {
    const outputs = await shop.outputs();
    const { Attributes } = await new SQSClient(shop.cloud.client).send(
      new GetQueueAttributesCommand({
        QueueUrl: outputs[queue],
        AttributeNames: ['ApproximateNumberOfMessages'],
      }),
    );
    return Number(Attributes?.ApproximateNumberOfMessages);
  }

  it('that loses payments now fails', async () => {
    await shop.recorded(2, await shop.sell());
    await forbid();
    await shop.sell();
    await until(async () => (await waiting('DeliveryFailuresQueueUrl')) > 0, 'EventBridge gives up');
    const { code, failed, told } = await look();
    expect(code, told).toBe(1);
    expect(failed).toEqual(
      expect.arrayContaining(['eventbridge.permission', 'eventbridge.deliveries', 'queue.empty']),
    );
    const fixed = await shop.run('doctor', '--fix', '--yes');
    expect(fixed.stdout, fixed.stderr).toContain('StripeEventPermission, which was deleted by hand');
  });

  it('goes on where the database is away: the function fails, and its queue takes what it gave up', async () => {
    shop.proxy.outage(true);
    await shop.sell();
    await until(async () => (await waiting('FunctionFailuresQueueUrl')) > 0, 'Lambda gives up');
    shop.proxy.outage(false);
    const { code, failed, told } = await look();
    expect(code, told).toBe(1);
    expect(failed).toEqual(expect.arrayContaining(['function.errors', 'queue.empty']));
  });

  it('that was repaired and replayed is over after a while: what it lost is a warning, and the exit code 0', async () => {
    const replayed = await shop.run('replay-dlq', '--yes');
    expect(replayed.code, `${replayed.stdout}${replayed.stderr}`).toBe(0);
    await shop.pass(5 * MINUTE);
    await shop.recorded(2, await shop.sell());
    await shop.pass(20 * MINUTE);
    expect(await shop.rows("SELECT id FROM ticket_orders WHERE status <> 'paid'")).toEqual([]);
    const { code, told, failed, warned } = await look();
    expect(failed, told).toEqual([]);
    expect(code, told).toBe(0);
    const over = new Map(warned.map(({ id, summary }) => [id, summary]));
    expect(over.get('eventbridge.deliveries')).toMatch(/^over: .*; the last at .*, none for \d+ min/);
    expect(over.get('function.errors')).toMatch(/^over: .*; the last at .*, none for \d+ min/);
    expect((await look('--strict')).code).toBe(1);
  });

  it('is not told of in a window that begins after it, and of no window a day later', async () => {
    const after = await look('--since', '10m', '--strict');
    expect(after.code, after.told).toBe(1);
    await shop.pass(25 * HOUR);
    const dayLater = await look();
    expect([dayLater.code, dayLater.told]).toEqual([0, '']);
  });
});
