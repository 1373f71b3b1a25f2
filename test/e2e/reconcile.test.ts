import fs from 'node:fs';
import { DisableRuleCommand, EnableRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { schemaErrors } from './support/schema.js';
import { HOUR, MINUTE, type Sale, Shop } from './support/shop.js';

type Samples = { samples: { eventId: string; orderId: string; why: string }[] };

/** Each test has the last hour for itself: what an earlier one left is out of its window. */
describe('cachao reconcile', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await Shop.open();
  });
  afterAll(() => shop.close());
  beforeEach(() => shop.pass(2 * HOUR));

  const reconcile = (...args: string[]) => shop.json('reconcile', '--since', '60m', ...args);
  const settle = () => shop.pass(15 * MINUTE);
  /** A sale that every path delivers: they work again. */
  const healthySale = async () => shop.recorded(2, await shop.sell());
  const statusOf = async ({ orderId }: Sale) =>
    (await shop.rows('SELECT status FROM ticket_orders WHERE id = ?', [orderId]))[0]?.status;

  it('finds nothing wrong where everything arrived by every path', async () => {
    const sale = await shop.sell(2);
    await shop.recorded(2, sale);
    await settle();
    const report = await reconcile();
    expect(schemaErrors(report)).toEqual([]);
    expect(report).toMatchObject({ outcome: 'ok', exitCode: 0, applied: null, before: null });
    expect(report.comparison.events.processed.count).toBe(1);
    expect(report.comparison.paths.map((path: { state: string }) => path.state)).toEqual([
      'healthy',
      'healthy',
    ]);
    expect(report.comparison.books).toEqual({
      sessions: 1,
      stripeMinor: 2500,
      orders: 1,
      ordersMinor: 2500,
    });
  });

  it('does not take for lost what may be on its way', async () => {
    await shop.lost(async () => [await shop.sell()]);
    const report = await reconcile('--apply');
    expect(report).toMatchObject({ exitCode: 0, applied: null });
    expect(report.comparison.events).toMatchObject({ 'in-flight': { count: 1 }, missing: { count: 0 } });
    expect(report.comparison.orders['pending-though-paid'].count).toBe(0);
  });

  it('says what is in flight, in money, and when to look again; delivers it now when it is told to', async () => {
    const sales = (await shop.lost(async () => [await shop.sell(2), await shop.sell()])) as Sale[];
    const { code, stdout } = await shop.run('reconcile', '--since', '60m');
    expect(code).toBe(0);
    expect(stdout).toContain('2  in flight: younger than ten minutes (37.50 EUR)');
    expect(stdout).toContain('Books: nothing yet. Not in them: 37.50 EUR in flight.');
    expect(stdout).toMatch(/2 events are in flight\. Look again after \d{4}-\d\d-\d\d \d\d:\d\dZ/);
    expect(stdout).toContain('cachao reconcile --apply --include-in-flight');
    expect(stdout).not.toMatch(/nothing was paid|they agree|Nothing is missing/);

    const report = await reconcile();
    expect(schemaErrors(report)).toEqual([]);
    expect(report).toMatchObject({
      exitCode: 0,
      inFlight: { events: 2, amountMinor: 3750 },
      findings: [{ id: 'delivery.complete', outcome: 'warn' }],
    });

    const applied = await reconcile('--apply', '--include-in-flight');
    expect(schemaErrors(applied)).toEqual([]);
    expect(applied).toMatchObject({
      outcome: 'changed',
      applied: { delivered: 2 },
      inFlight: null,
      findings: [],
    });
    for (const sale of sales) expect(await statusOf(sale)).toBe('paid');
  }, 120_000);

  it('finds what was lost, says what it would cost, delivers it marked as what it is, and then finds nothing', async () => {
    const [sale] = (await shop.lost(async () => [await shop.sell()])) as [Sale];
    const abandoned = await shop.lost(async () => {
      const order = await shop.order();
      await shop.stripe.checkout.sessions.expire(order.session.id);
      return [order];
    });
    await healthySale();
    await settle();
    const found = await shop.run('reconcile', '--since', '60m');
    expect(found.code).toBe(1);
    expect(found.stdout).toContain('2  MISSING from the ledger (12.50 EUR)');
    expect(found.stdout).toContain('cachao reconcile --apply');
    expect(await statusOf(sale)).toBe('pending');

    const applied = await reconcile('--apply');
    expect(schemaErrors(applied)).toEqual([]);
    expect(applied).toMatchObject({
      outcome: 'changed',
      exitCode: 0,
      applied: { delivered: 2, outcomes: { paid: 1, released: 1 }, refused: 0, stopped: null },
      before: { events: { missing: { count: 2 } } },
      comparison: { events: { missing: { count: 0 }, repaired: { count: 2 } } },
    });
    expect([await statusOf(sale), await statusOf(abandoned[0] as Sale)]).toEqual(['paid', 'expired']);
    const { id } = await shop.eventOf(sale);
    expect(await shop.rows('SELECT via FROM stripe_event_arrivals WHERE event_id = ?', [id])).toEqual([
      { via: 'reconcile' },
    ]);
    const journal = fs.readFileSync(applied.applied.journal, 'utf8');
    expect(journal).toContain(`"eventId":"${id}"`);
    expect(journal).not.toContain('example.com');
    expect(await reconcile('--apply')).toMatchObject({ outcome: 'ok', exitCode: 0, applied: null });
  });

  it('does not let a healthy webhook hide a dead EventBridge path', async () => {
    const { RuleName, EventBusName } = await shop.outputs();
    const events = new EventBridgeClient(shop.cloud.client);
    await events.send(new DisableRuleCommand({ Name: RuleName, EventBusName }));
    const sale = await shop.sell();
    await shop.sent(sale);
    await shop.recorded(1, sale);
    await events.send(new EnableRuleCommand({ Name: RuleName, EventBusName }));
    await settle();
    const report = await reconcile();
    expect(report.exitCode).toBe(1);
    expect(report.comparison.events['one-path'].count).toBe(1);
    expect(report.comparison.paths).toMatchObject([
      { via: 'eventbridge', state: 'dead', delivered: 0, lost: 0 },
      { via: 'webhook', state: 'healthy', delivered: 1 },
    ]);
    const doctor = await shop.json('doctor', '--since', '1h');
    const paths = doctor.findings.find((finding: { id: string }) => finding.id === 'delivery.paths');
    expect(paths).toMatchObject({
      outcome: 'fail',
      summary: expect.stringMatching(
        /^eventbridge delivered none of 1 event, the last of them at \d{4}-\d\d-\d\dT/,
      ),
    });
  });

  it('sees events whose order does not exist, is not named, or belongs elsewhere', async () => {
    const sales = await shop.lost(async () => [
      await shop.sell(1, { order_id: '4711' }),
      await shop.sell(1, { order_id: '' }),
      await shop.sell(1, { cachao_stage: 'prod' }),
    ]);
    await settle();
    const report = await reconcile('--apply');
    expect(report.exitCode).toBe(1);
    expect(report.applied).toBeNull();
    expect(report.comparison.events).toMatchObject({
      'unknown-order': { count: 2 },
      'other-stage': { count: 1 },
      missing: { count: 0 },
    });
    const unknown: Samples = report.comparison.events['unknown-order'];
    expect(unknown.samples.map(({ why }) => why).sort()).toEqual([
      'the session has no metadata.order_id',
      'there is no order 4711',
    ]);
    expect(sales).toHaveLength(3);
  });

  it('sees orders that are not as their processed events say, and orders paid without Stripe', async () => {
    const undone = await shop.sell();
    const open = await shop.order();
    const invented = await shop.order();
    await shop.recorded(2, undone);
    await shop.write("UPDATE ticket_orders SET status = 'pending' WHERE id = ?", [undone.orderId]);
    await shop.write("UPDATE ticket_orders SET status = 'paid' WHERE id = ?", [open.orderId]);
    await shop.write(
      "UPDATE ticket_orders SET status = 'paid', stripe_checkout_session_id = 'cs_test_invented' WHERE id = ?",
      [invented.orderId],
    );
    await shop.write('UPDATE ticket_orders SET updated_at = ?', [new Date(shop.cloud.cloud.clock.now())]);
    await settle();
    const report = await reconcile('--apply');
    expect(report.exitCode).toBe(1);
    expect(report.comparison.events['order-wrong'].samples).toMatchObject([
      { orderId: undone.orderId, why: 'the payment was processed, and the order is pending' },
    ]);
    expect(report.comparison.orders['pending-though-paid'].samples).toMatchObject([
      { orderId: undone.orderId },
    ]);
    expect(report.comparison.orders['paid-without-stripe'].samples).toMatchObject([
      { orderId: open.orderId, why: `${open.session.id} is open, unpaid` },
      { orderId: invented.orderId, why: 'Stripe knows no session cs_test_invented' },
    ]);
    for (const { orderId } of [undone, open, invented])
      await shop.write("UPDATE ticket_orders SET status = 'cancelled' WHERE id = ?", [orderId]);
  });

  it('leaves what the handler refuses, and says why', async () => {
    const [sale] = (await shop.lost(async () => [await shop.sell()])) as [Sale];
    await shop.write("UPDATE ticket_orders SET total_amount = '99.00' WHERE id = ?", [sale.orderId]);
    await healthySale();
    await settle();
    const report = await reconcile('--apply');
    expect(report.exitCode).toBe(1);
    expect(report.applied).toMatchObject({
      delivered: 0,
      refused: 1,
      refusals: [{ orderId: sale.orderId, code: 'AMOUNT_MISMATCH' }],
    });
    expect(report.comparison.events.missing.samples).toMatchObject([
      {
        why: `the handler will refuse it: ${sale.session.id} is of 1250 (minor units of eur); order ${sale.orderId} costs 99.00.`,
      },
    ]);
    await shop.write("UPDATE ticket_orders SET total_amount = '12.50' WHERE id = ?", [sale.orderId]);
    expect((await reconcile('--apply')).exitCode).toBe(0);
  });

  it('calls a path dead that delivered nothing, even when every order is paid', async () => {
    const [sale] = (await shop.lost(async () => [await shop.sell()])) as [Sale];
    await settle();
    const applied = await reconcile('--apply');
    expect(applied, 'all was delivered').toMatchObject({
      outcome: 'changed',
      exitCode: 0,
      applied: { delivered: 1 },
    });
    expect(await statusOf(sale)).toBe('paid');
    expect(await reconcile(), 'the paths are still dead').toMatchObject({ outcome: 'problem', exitCode: 1 });
    expect(applied.comparison.paths.map((path: { state: string }) => path.state)).toEqual(['dead', 'dead']);
    await healthySale();
    await settle();
    expect((await reconcile('--apply')).exitCode).toBe(0);
  });

  it('holds apart what is older than the ledger, until told to include it', async () => {
    const [sale] = (await shop.lost(async () => [await shop.sell()])) as [Sale];
    await settle();
    const [stage] = await shop.rows("SELECT since FROM cachao_stages WHERE stage = 'dev'");
    const since = new Date(shop.cloud.cloud.clock.now() - 5 * MINUTE);
    const record = (at: unknown) =>
      shop.write("UPDATE cachao_stages SET since = ? WHERE stage = 'dev'", [at]);
    await record(since.toISOString().slice(0, 23).replace('T', ' '));
    const report = await reconcile('--apply');
    expect(report.comparison.events).toMatchObject({
      'before-recording': { count: 1, samples: [{ why: 'the order is pending' }] },
      missing: { count: 0 },
    });
    expect(report).toMatchObject({ exitCode: 1, applied: null });
    expect(report.comparison.orders['pending-though-paid'].count).toBe(1);
    const included = await reconcile('--apply', '--include-before');
    expect(included).toMatchObject({ exitCode: 0, applied: { delivered: 1 } });
    expect(await statusOf(sale)).toBe('paid');
    await record(stage?.since);
  });

  describe('when things go wrong meanwhile', () => {
    const many = async () => {
      const sales = await shop.lost(async () => {
        const sold: Sale[] = [];
        for (let number = 0; number < 12; number++) sold.push(await shop.sell());
        return sold;
      });
      await healthySale();
      await settle();
      return sales;
    };
    const slowly = () =>
      shop.cloud.cloud.faults.set([
        { service: 'lambda', operation: 'Invoke', kind: 'latency', milliseconds: 150, after: 4 },
      ]);
    const kindly = () => shop.cloud.cloud.faults.set([]);
    /** Starts delivering one by one, and sends the signal once the journal tells of some. */
    const cutShort = (signal: NodeJS.Signals, journal: string) =>
      shop.runWith(
        {
          started: (child) => {
            const watch = setInterval(() => {
              const lines = fs.existsSync(journal) ? fs.readFileSync(journal, 'utf8').split('\n').length : 0;
              if (lines < 3 && child.exitCode === null) return;
              clearInterval(watch);
              child.kill(signal);
            }, 10);
          },
        },
        ...['reconcile', '--since', '60m', '--apply', '--concurrency', '1', '--journal', journal, '--json'],
      );
    const expectAllPaid = async (sales: Sale[]) => {
      const again = await reconcile('--apply');
      expect(again).toMatchObject({ exitCode: 0, comparison: { events: { missing: { count: 0 } } } });
      const ids = sales.map(({ orderId }) => orderId);
      const rows = await shop.rows(
        'SELECT status, COUNT(*) AS orders FROM ticket_orders WHERE id IN (?) GROUP BY status',
        [ids],
      );
      expect(rows).toEqual([{ status: 'paid', orders: sales.length }]);
      const payments = await shop.rows(
        "SELECT order_id FROM stripe_events WHERE outcome = 'paid' AND order_id IN (?)",
        [ids],
      );
      expect(payments.map((row) => row.order_id).sort()).toEqual([...ids].sort());
      return again;
    };

    it('stops at a safe point when interrupted, says how far it came, and goes on when run again', async () => {
      const sales = await many();
      slowly();
      const journal = shop.file('interrupted.jsonl');
      const run = await cutShort('SIGINT', journal);
      kindly();
      const report = JSON.parse(run.stdout);
      expect(schemaErrors(report)).toEqual([]);
      expect(report).toMatchObject({ outcome: 'interrupted', exitCode: 130, error: { code: 'INTERRUPTED' } });
      const { delivered, untried, stopped } = report.applied;
      expect(stopped).toBe('interrupted');
      expect(delivered).toBeGreaterThan(0);
      expect(delivered + untried).toBe(12);
      expect((await expectAllPaid(sales)).applied.delivered).toBe(untried);
    });

    it('loses nothing and pays nothing twice when it is killed', async () => {
      const sales = await many();
      slowly();
      const journal = shop.file('killed.jsonl');
      const run = await cutShort('SIGKILL', journal);
      kindly();
      expect(run.signal).toBe('SIGKILL');
      await expectAllPaid(sales);
    });

    it('waits when Stripe or Lambda throttle, and goes on', async () => {
      const sales = await many();
      shop.cloud.cloud.faults.set([
        { service: 'stripe', operation: 'GET /v1/events', kind: 'throttle', times: 3 },
        // By this seed fewer faults come before the last reset than a call has attempts: whichever call it meets tries again.
        {
          service: 'lambda',
          operation: 'Invoke',
          kind: 'reset-after',
          after: 12,
          rate: 0.2,
          times: 3,
          seed: 37,
        },
        {
          service: 'lambda',
          operation: 'Invoke',
          kind: 'throttle',
          after: 12,
          rate: 0.3,
          times: 10,
          seed: 37,
        },
      ]);
      const report = await reconcile('--apply');
      kindly();
      expect(report).toMatchObject({ exitCode: 0, applied: { delivered: 12, refused: 0 } });
      await expectAllPaid(sales);
    });

    it('stops early when the handler is broken, instead of failing with each event', async () => {
      const sales = await many();
      // Full: the column takes no further ticket, of whichever order.
      await shop.write('UPDATE tickets SET sold_quantity = 4294967295');
      const report = await reconcile('--apply');
      await shop.write('UPDATE tickets SET sold_quantity = 0');
      expect(schemaErrors(report)).toEqual([]);
      expect(report).toMatchObject({
        outcome: 'problem',
        exitCode: 1,
        applied: { delivered: 0, stopped: { code: 'DATABASE_SCHEMA' } },
        comparison: { events: { missing: { count: 12 } } },
      });
      expect(report.applied.untried).toBeGreaterThan(0);
      expect(report.applied.refused + report.applied.untried).toBe(12);
      await expectAllPaid(sales);
    });

    it('delivers nothing to a function that fails as it is asked, and says with what', async () => {
      const [sale] = (await shop.lost(async () => [await shop.sell()])) as [Sale];
      await healthySale();
      await settle();
      const lambda = new LambdaClient(shop.cloud.client);
      const FunctionName = (await shop.outputs()).EventFunctionName;
      const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      const configure = (change: Record<string, string>) =>
        lambda.send(
          new UpdateFunctionConfigurationCommand({
            FunctionName,
            Environment: { Variables: { ...Environment?.Variables, ...change } },
          }),
        );
      await configure({ CACHAO_CURRENCY: 'ducats' });
      const report = await reconcile('--apply');
      await configure({});
      expect(schemaErrors(report)).toEqual([]);
      expect(report).toMatchObject({
        outcome: 'error',
        exitCode: 1,
        error: {
          code: 'FUNCTION_FAILED',
          message: expect.stringContaining(
            `${FunctionName} fails when it is asked which database it uses: CONFIGURATION: CACHAO_CURRENCY is "ducats"`,
          ),
          next: [expect.stringContaining('cachao doctor')],
        },
        // The ledger is read all the same: what waits for the function is told, and nothing was delivered.
        comparison: { events: { missing: { count: 1, samples: [{ orderId: sale.orderId }] } } },
        applied: null,
      });
      expect(await statusOf(sale)).toBe('pending');
      expect(await reconcile('--apply')).toMatchObject({ exitCode: 0, applied: { delivered: 1 } });
      expect(await statusOf(sale)).toBe('paid');
    });

    it('says that it could not look where Stripe or the database cannot be asked', async () => {
      shop.cloud.cloud.faults.set([{ service: 'stripe', operation: 'GET /v1/events', kind: 'error' }]);
      expect(await reconcile()).toMatchObject({ exitCode: 3, error: { code: 'STRIPE_UNAVAILABLE' } });
      kindly();
      shop.proxy.outage(true);
      const away = await reconcile('--apply');
      shop.proxy.outage(false);
      expect(schemaErrors(away)).toEqual([]);
      expect(away).toMatchObject({ exitCode: 3, error: { code: 'DATABASE_UNREACHABLE' } });
    });
  });

  it('says what it cannot see beyond thirty days, and refuses a window with nothing in it', async () => {
    const report = await shop.json('reconcile', '--since', '45d', '--until', '29d');
    expect(schemaErrors(report)).toEqual([]);
    expect(report.comparison.unseen[0]).toContain('it keeps events for 30 days');
    const empty = await shop.json('reconcile', '--since', '2h', '--until', '3h');
    expect(empty).toMatchObject({ exitCode: 2, error: { code: 'WINDOW_EMPTY' } });
    expect(schemaErrors(empty)).toEqual([]);
    const nonsense = await shop.json('reconcile', '--since', 'yesterday');
    expect(nonsense).toMatchObject({ exitCode: 2, error: { code: 'FLAG_INVALID' } });
  });
});
