import { DisableRuleCommand, EnableRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import {
  AddPermissionCommand,
  GetPolicyCommand,
  LambdaClient,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import { PurgeQueueCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemaErrors } from './support/schema.js';
import { MINUTE, type Sale, Shop, until } from './support/shop.js';

interface TracedHop {
  label: string;
  detail: string;
  outcome: string;
  at: string | null;
}

describe('cachao trace', () => {
  let shop: Shop;
  let paid: Sale;
  beforeAll(async () => {
    shop = await Shop.open();
    paid = await shop.sell();
    await shop.recorded(2, paid);
  });
  afterAll(() => shop.close());

  const trace = async (id: string) => {
    const report = await shop.json('trace', id);
    expect(schemaErrors(report)).toEqual([]);
    return report;
  };
  const hopNamed = (report: { trace: { hops: TracedHop[] } }, label: string) =>
    report.trace.hops.find((hop) => hop.label === label);
  /** Waits until a handler's failure has become a dead letter. */
  const deadLettered = (sale: Sale) =>
    until(
      async () => (await trace(sale.session.id)).trace.stoppedAt === 'Dead-letter queue',
      'it is a dead letter',
    );

  it('tells the same of a payment, whatever it is called', async () => {
    const { id: event } = await shop.eventOf(paid);
    const session = await shop.stripe.checkout.sessions.retrieve(paid.session.id);
    const ids = [event, paid.session.id, String(session.payment_intent), paid.orderId];
    for (const id of ids) {
      const report = await trace(id);
      expect(report).toMatchObject({
        outcome: 'ok',
        exitCode: 0,
        trace: {
          asked: id,
          eventId: event,
          sessionId: paid.session.id,
          paymentIntentId: session.payment_intent,
          orderId: paid.orderId,
          stoppedAt: null,
          summary: `Order ${paid.orderId} is paid`,
          next: [],
          unseen: [],
        },
      });
      const hops: TracedHop[] = report.trace.hops;
      expect(hops.map(({ outcome }) => outcome)).toEqual(hops.map(() => 'reached'));
      expect(hops.map(({ label }) => label).sort()).toEqual([
        'Checkout session',
        'EventBridge -> function',
        'Ledger',
        'Order',
        'Rule on the partner bus',
        'Stripe event',
        'Webhook -> function',
      ]);
      expect(hops.every(({ at }) => at !== null)).toBe(true);
    }
  });

  it('reads as text, and the commands stay whole', async () => {
    const { code, stdout } = await shop.run('trace', paid.orderId);
    expect(code).toBe(0);
    expect(stdout).toContain(`Order ${paid.orderId} is paid.`);
    expect(stdout).toContain('Webhook -> function');
    expect(stdout).not.toContain('example.com');
  });

  it('knows that a customer who has not paid is no fault', async () => {
    const open = await shop.order();
    expect(await trace(open.orderId)).toMatchObject({
      exitCode: 0,
      trace: {
        stoppedAt: null,
        eventId: null,
        summary: 'The customer has not paid yet: the session is open',
      },
    });
  });

  it('names the path that did not deliver, though the other did, and why', async () => {
    const { RuleName, EventBusName } = await shop.outputs();
    const events = new EventBridgeClient(shop.cloud.client);
    await events.send(new DisableRuleCommand({ Name: RuleName, EventBusName }));
    const sale = await shop.sell();
    await shop.sent(sale);
    await shop.recorded(1, sale);
    await shop.pass(15 * MINUTE);
    const report = await trace(sale.orderId);
    await events.send(new EnableRuleCommand({ Name: RuleName, EventBusName }));
    expect(report).toMatchObject({
      outcome: 'problem',
      exitCode: 1,
      trace: {
        stoppedAt: 'EventBridge -> function',
        summary: `It was processed, and arrived by webhook, not by eventbridge: the rule ${RuleName} is DISABLED`,
        next: ['cachao doctor --stage dev'],
      },
    });
    expect(hopNamed(report, 'Webhook -> function')).toMatchObject({ outcome: 'reached' });
    expect(hopNamed(report, 'EventBridge -> function')).toMatchObject({ outcome: 'not-reached' });
  });

  it('does not let a healthy webhook hide the copy that waits in a dead-letter queue', async () => {
    const { EventFunctionName: FunctionName, DeliveryFailuresQueueUrl = '' } = await shop.outputs();
    const lambda = new LambdaClient(shop.cloud.client);
    const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName }));
    const [permission] = JSON.parse(Policy ?? '{}').Statement as [
      { Sid: string; Condition: { ArnLike: { 'AWS:SourceArn': string } } },
    ];
    await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: permission.Sid }));
    const sale = await shop.sell();
    const { id } = await shop.eventOf(sale);
    await until(async () => (await trace(id)).trace.stoppedAt !== null, 'the copy waits');
    const report = await trace(id);
    await lambda.send(
      new AddPermissionCommand({
        FunctionName,
        StatementId: permission.Sid,
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: permission.Condition.ArnLike['AWS:SourceArn'],
      }),
    );
    expect(report).toMatchObject({
      exitCode: 1,
      trace: {
        stoppedAt: 'Dead-letter queue',
        summary: `Order ${sale.orderId} is paid; but another copy of it waits in ${DeliveryFailuresQueueUrl.split('/').at(-1)}: NO_PERMISSIONS`,
        next: [`cachao replay-dlq --event ${id} --stage dev`],
      },
    });
    await new SQSClient(shop.cloud.client).send(
      new PurgeQueueCommand({ QueueUrl: DeliveryFailuresQueueUrl }),
    );
    expect((await trace(id)).trace.stoppedAt).toBeNull();
  });

  it('says of a lost event that it was dropped, and names the command that brings it', async () => {
    const [sale] = (await shop.lost(async () => [await shop.sell()])) as [Sale];
    const young = await trace(sale.session.id);
    expect(young).toMatchObject({ exitCode: 0, trace: { stoppedAt: null } });
    expect(young.trace.summary).toContain('may still be on its way');
    await shop.pass(15 * MINUTE);
    const report = await trace(sale.session.id);
    expect(report.trace).toMatchObject({
      stoppedAt: 'Rule on the partner bus',
      summary: 'No path brought it to a handler, and no queue holds it: it was dropped on its way',
    });
    const [command] = report.trace.next as string[];
    expect(command).toMatch(/^cachao reconcile --apply --since /);
    await shop.run(...(command as string).split(' ').slice(1));
    const after = await trace(sale.session.id);
    expect(after.trace.stoppedAt).toBeNull();
    expect(hopNamed(after, 'Reconcile -> function')).toMatchObject({ outcome: 'reached' });
  });

  it('finds the dead letter of what the handler refused, with the reason', async () => {
    const sale = await shop.sell(1, { order_id: '4711' });
    // It need not be old for that.
    await deadLettered(sale);
    const { id } = await shop.eventOf(sale);
    const report = await trace(id);
    expect(report.trace).toMatchObject({ stoppedAt: 'Dead-letter queue', orderId: '4711' });
    expect(report.trace.summary).toContain('UNKNOWN_ORDER');
    expect(report.trace.next).toEqual([`cachao replay-dlq --event ${id} --stage dev`]);
    expect(hopNamed(report, 'EventBridge -> function')).toMatchObject({
      outcome: 'failed',
      detail: 'UNKNOWN_ORDER, 3 attempts',
    });
    expect(hopNamed(report, 'Webhook -> function')).toMatchObject({ outcome: 'failed' });
  });

  it('tells what it can while the database is away', async () => {
    shop.proxy.outage(true);
    const sale = await shop.sell();
    await until(async () => {
      const { summary } = (await trace(sale.session.id)).trace;
      return summary.includes('DATABASE_UNAVAILABLE');
    }, 'the handler has refused it');
    const report = await trace(sale.session.id);
    shop.proxy.outage(false);
    expect(report.trace.unseen[0]).toContain('Ledger and orders');
    expect(report.trace.stoppedAt).not.toBeNull();
  });

  it('does not guess where logs and queues may not be read, and says what it lacks', async () => {
    const [sale] = (await shop.lost(async () => [await shop.sell()])) as [Sale];
    await shop.pass(15 * MINUTE);
    shop.cloud.cloud.faults.set([
      { service: 'logs', operation: 'FilterLogEvents', kind: 'deny' },
      { service: 'sqs', operation: 'ReceiveMessage', kind: 'deny' },
      { service: 'monitoring', operation: '*', kind: 'deny' },
    ]);
    const report = await trace(sale.orderId);
    shop.cloud.cloud.faults.set([]);
    expect(report.trace).toMatchObject({ stoppedAt: 'Ledger' });
    expect(report.trace.summary).toContain('The reason is unknown: not everything could be read');
    expect(report.trace.unseen.join()).toContain('logs:FilterLogEvents');
    expect(report.trace.unseen.join()).toContain('cloudwatch:GetMetricData');
    await shop.run('reconcile', '--apply');
    expect((await trace(sale.orderId)).trace.stoppedAt).toBeNull();
  });

  it("decides nothing where the ledger may not be looked at, and believes the handlers' own log", async () => {
    const { id } = await shop.eventOf(paid);
    shop.cloud.cloud.faults.set([{ service: 'lambda', operation: 'Invoke', kind: 'deny' }]);
    const report = await trace(id);
    shop.cloud.cloud.faults.set([]);
    expect(report).toMatchObject({ exitCode: 3, outcome: 'unknown', trace: { decided: false } });
    expect(hopNamed(report, 'EventBridge -> function')).toMatchObject({ outcome: 'reached' });
    expect(hopNamed(report, 'Ledger')).toMatchObject({ outcome: 'unknown' });
  });

  it.each([
    ['evt_12 34', 2, 'ID_MALFORMED'],
    ['ch_3Q2w3E4r', 2, 'ID_MALFORMED'],
    ['sk_test_abcdefghijklmnop', 2, 'ID_MALFORMED'],
    ['cs_live_a1b2c3', 2, 'ID_OTHER_MODE'],
    ['evt_1Q2w3E4r5T6y', 1, 'EVENT_UNKNOWN'],
    ['cs_test_a1b2c3', 1, 'SESSION_UNKNOWN'],
    ['pi_1Q2w3E4r5T6y', 1, 'PAYMENT_UNKNOWN'],
    ['4711', 1, 'ORDER_UNKNOWN'],
  ])('says of %s what it is not', async (id, exitCode, code) => {
    const report = await trace(id);
    expect(report).toMatchObject({ exitCode, error: { code } });
    if (id.startsWith('sk_')) expect(JSON.stringify(report)).not.toContain('efghijkl');
  });

  it('works on a stack that is not ours, with less', async () => {
    const environment = { CACHAO_MANAGED: 'false', CACHAO_STACK_NAME: 'cachao-dev' };
    const { id } = await shop.eventOf(paid);
    const report = JSON.parse((await shop.runWith({ environment }, 'trace', id, '--json')).stdout);
    expect(schemaErrors(report)).toEqual([]);
    expect(report).toMatchObject({ exitCode: 0, trace: { stoppedAt: null, orderId: paid.orderId } });
    expect(report.trace.summary).toContain('took it, as its log shows');
    expect(report.trace.unseen[0]).toContain("not cachao's own");
    const order = JSON.parse((await shop.runWith({ environment }, 'trace', paid.orderId, '--json')).stdout);
    expect(order).toMatchObject({ exitCode: 3, error: { code: 'ORDERS_UNSEEN' } });
  });

  it('says that EventBridge lost its copy where neither the function nor the dead-letter queue took it', async () => {
    const { EventFunctionName: FunctionName, DeliveryFailuresQueueUrl: QueueUrl = '' } = await shop.outputs();
    const lambda = new LambdaClient(shop.cloud.client);
    const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName }));
    for (const { Sid } of JSON.parse(Policy ?? '{}').Statement as { Sid: string }[])
      await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: Sid }));
    const sqs = new SQSClient(shop.cloud.client);
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: '' } }));
    const sale = await shop.sell();
    await shop.recorded(1, sale);
    await until(async () => (await trace(sale.orderId)).trace.stoppedAt !== null, 'the loss is counted');
    const report = await trace(sale.orderId);
    expect(report).toMatchObject({
      exitCode: 1,
      trace: {
        stoppedAt: 'Rule on the partner bus',
        summary: expect.stringMatching(
          /^Order \d+ is paid; but EventBridge lost its copy: neither the function nor the dead-letter queue took /,
        ),
        next: ['cachao doctor --stage dev'],
      },
    });
    expect(hopNamed(report, 'Rule on the partner bus')).toMatchObject({ outcome: 'failed' });
  });

  it('is true of what is older than thirty days', async () => {
    const { id } = await shop.eventOf(paid);
    await shop.pass(31 * 24 * 60 * MINUTE);
    expect(await trace(paid.session.id)).toMatchObject({
      exitCode: 0,
      trace: { eventId: id, stoppedAt: null, summary: expect.stringContaining('It was processed') },
    });
    expect((await trace(id)).trace.stoppedAt).toBeNull();
    const unknown = await trace('evt_1Q2w3E4r5T6y');
    expect(unknown.error.why).toContain('30 days');
  });
});
