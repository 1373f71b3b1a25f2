import {
  ActivateEventSourceCommand,
  DeactivateEventSourceCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
} from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemaErrors } from './support/schema.js';
import { HOUR, MINUTE, type Sale, Shop, until } from './support/shop.js';

interface Finding {
  id: string;
  outcome: string;
  summary: string;
}

/**
 * A day of a shop: the source is not associated for an hour, the rule is disabled for another, the database is away
 * for a third, and deliveries are duplicated all day. Only what the database refused is in any queue.
 */
describe.each([{ webhook: false }, { webhook: true }])(
  'a day of traffic (webhook: $webhook)',
  ({ webhook }) => {
    let shop: Shop;
    const sales: Sale[] = [];
    const paths = webhook ? 2 : 1;
    /** Four events of each outage; with the webhook only what Stripe gave up on while the database was away. */
    let missing = 0;

    beforeAll(async () => {
      shop = await Shop.open({ webhook });
      await shop.duplicate(0.3);
    });
    afterAll(() => shop.close());

    /** An hour in which three pay, and one changes their mind. */
    async function hour(): Promise<Pick<Sale, 'session'>[]> {
      const sold: Sale[] = [];
      for (const quantity of [1, 2, 1]) {
        sold.push(await shop.sell(quantity));
        await shop.pass(15 * MINUTE);
      }
      const abandoned = await shop.order();
      await shop.stripe.checkout.sessions.expire(abandoned.session.id);
      await shop.pass(15 * MINUTE);
      sales.push(...sold);
      const all = [...sold, abandoned];
      await shop.sent(...all);
      // A late copy would bring what is to be lost.
      await shop.allSent();
      return all;
    }

    async function deadLetters(QueueUrl: string | undefined): Promise<number> {
      const { Attributes } = await new SQSClient(shop.cloud.client).send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
      );
      return Number(Attributes?.ApproximateNumberOfMessages);
    }

    const delivery = async () =>
      ((await shop.json('doctor')).findings as Finding[]).filter(({ id }) =>
        ['delivery.paths', 'delivery.complete', 'delivery.paid'].includes(id),
      );

    it('goes by, with three outages', async () => {
      const events = new EventBridgeClient(shop.cloud.client);
      const { EventBusName, RuleName, FunctionFailuresQueueUrl } = await shop.outputs();
      await shop.recorded(paths, ...(await hour()));

      await events.send(new DeactivateEventSourceCommand({ Name: EventBusName }));
      await hour();
      await events.send(new ActivateEventSourceCommand({ Name: EventBusName }));
      await shop.recorded(paths, ...(await hour()));

      await events.send(new DisableRuleCommand({ Name: RuleName, EventBusName }));
      await hour();
      await events.send(new EnableRuleCommand({ Name: RuleName, EventBusName }));
      // From here on no late copy of an earlier event becomes a dead letter: four are those of the outage.
      await shop.duplicate(0);
      await shop.recorded(paths, ...(await hour()));

      shop.proxy.outage(true);
      await hour();
      await until(async () => (await deadLetters(FunctionFailuresQueueUrl)) >= 4, 'Lambda gives up');
      shop.proxy.outage(false);
      await shop.pass(3 * HOUR);
      await shop.recorded(paths, ...(await hour()));
      await shop.pass(15 * MINUTE);
      expect(sales).toHaveLength(21);
    });

    it('is incomplete, says doctor', async () => {
      const findings = Object.fromEntries((await delivery()).map((finding) => [finding.id, finding]));
      // A healthy webhook must not hide what EventBridge missed.
      expect(findings['delivery.paths']?.summary).toMatch(/eventbridge missed \d+ events between/);
      if (webhook) expect(['warn', 'fail']).toContain(findings['delivery.paths']?.outcome);
      else
        expect(findings).toMatchObject({
          'delivery.paths': { outcome: 'fail' },
          'delivery.complete': {
            outcome: 'fail',
            summary: '12 events of the last 24 h are not in the ledger: payments of 150.00 EUR',
          },
          'delivery.paid': { outcome: 'fail', summary: '9 orders not paid though Stripe took 150.00 EUR' },
        });
    });

    it('is looked at without a change', async () => {
      const report = await shop.json('reconcile', '--since', '24h');
      expect(schemaErrors(report)).toEqual([]);
      missing = report.comparison.events.missing.count;
      if (!webhook) expect(missing).toBe(12);
      expect(report.exitCode).toBe(missing === 0 ? 0 : 1);
      // Stripe may still be trying the webhook; reconcile delivered nothing.
      expect(await shop.rows("SELECT event_id FROM stripe_event_arrivals WHERE via = 'reconcile'")).toEqual(
        [],
      );
    });

    it('is repaired by reconcile --apply, and the books agree to the cent', async () => {
      const report = await shop.json('reconcile', '--since', '24h', '--apply');
      expect(schemaErrors(report)).toEqual([]);
      expect(report.error).toBeNull();
      expect(report.exitCode).toBe(0);
      if (missing > 0) expect(report.applied).toMatchObject({ delivered: missing, refused: 0, untried: 0 });
      const amount = sales.reduce((sum, sale) => sum + sale.amountMinor, 0);
      expect(report.comparison.books).toEqual({
        sessions: sales.length,
        stripeMinor: amount,
        orders: sales.length,
        ordersMinor: amount,
      });
      await expectBooks(amount);
    });

    it('has nothing left to find', async () => {
      const again = await shop.json('reconcile', '--since', '24h', '--apply');
      expect(again).toMatchObject({ exitCode: 0, outcome: 'ok', changes: [], applied: null });
      const findings = await delivery();
      expect(findings.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
      await expectBooks(sales.reduce((sum, sale) => sum + sale.amountMinor, 0));
    });

    /** From Stripe's sessions and the shop's tables themselves. */
    async function expectBooks(amount: number): Promise<void> {
      let taken = 0;
      for await (const session of shop.stripe.checkout.sessions.list({ limit: 100 }))
        if (session.payment_status === 'paid') taken += session.amount_total ?? 0;
      expect(taken).toBe(amount);
      const [orders] = await shop.rows(
        "SELECT SUM(total_amount) AS total, SUM(quantity) AS tickets, COUNT(*) AS paid FROM ticket_orders WHERE status = 'paid'",
      );
      expect(Math.round(Number(orders?.total) * 100)).toBe(amount);
      const [ticket] = await shop.rows('SELECT SUM(sold_quantity) AS sold FROM tickets');
      expect(Number(ticket?.sold)).toBe(Number(orders?.tickets));
      const [code] = await shop.rows('SELECT SUM(used_count) AS used FROM discount_codes');
      expect(Number(code?.used)).toBe(Number(orders?.paid));
    }
  },
);
