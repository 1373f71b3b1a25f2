import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HANDLED_EVENT_TYPES } from '../../handlers/contract/stripe-event.js';
import { payHeadless } from '../local-cloud/stripe/support.js';
import { schemaErrors } from './support/schema.js';
import { HOUR, MINUTE, type Sale, Shop, until } from './support/shop.js';

const DAY = 24 * HOUR;

/** Completed, unpaid, and then nothing: the payment comes later, and no event of the session's says so. */
describe('a payment that is awaited', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await Shop.open();
  });
  afterAll(() => shop.close());

  const reconcile = (...args: string[]) => shop.json('reconcile', '--since', '60m', ...args);
  const finding = async () =>
    (await shop.json('doctor', '--only', 'delivery.awaited')).findings.find(
      ({ id }: { id: string }) => id === 'delivery.awaited',
    );
  const stateOf = async ({ orderId }: Sale) =>
    (
      await shop.rows('SELECT status, stripe_payment_intent_id AS intent FROM ticket_orders WHERE id = ?', [
        orderId,
      ])
    )[0];
  const sold = async () => (await shop.rows('SELECT sold_quantity AS sold FROM tickets'))[0]?.sold;
  const held = async () => {
    const sale = await shop.order(2, {}, { payment_intent_data: { capture_method: 'manual' } });
    await payHeadless(shop.stripe, sale.session);
    await shop.recorded(2, sale);
    return sale;
  };
  /** Destination and endpoint send these types, and no others. */
  const sendTypes = async (...types: (typeof HANDLED_EVENT_TYPES)[number][]) => {
    const { data } = await shop.stripe.v2.core.eventDestinations.list();
    const destination = data.find(({ type }) => type === 'amazon_eventbridge');
    const [endpoint] = (await shop.stripe.webhookEndpoints.list()).data;
    await shop.stripe.v2.core.eventDestinations.update(destination?.id ?? '', { enabled_events: types });
    await shop.stripe.webhookEndpoints.update(endpoint?.id ?? '', { enabled_events: types });
  };
  const intentOf = async ({ session }: Sale) =>
    (await shop.stripe.checkout.sessions.retrieve(session.id)).payment_intent as string;

  it('is told while it waits, found once it is captured, delivered with the session of now, and then known', async () => {
    const sale = await held();
    const before = await sold();
    await shop.pass(15 * MINUTE);
    const waiting = await reconcile();
    expect(schemaErrors(waiting)).toEqual([]);
    expect(waiting).toMatchObject({
      exitCode: 0,
      comparison: { orders: { awaiting: { count: 1, amountMinor: 2500 }, 'paid-since': { count: 0 } } },
    });
    expect(await finding()).toMatchObject({
      outcome: 'pass',
      summary: '1 payment awaited, of 25.00 EUR; Stripe does not have it yet',
    });

    await shop.stripe.paymentIntents.capture(await intentOf(sale));
    expect(await stateOf(sale)).toMatchObject({ status: 'pending' });
    expect(await finding()).toMatchObject({
      outcome: 'fail',
      summary: '1 order waits for 25.00 EUR that Stripe has by now',
      remedy: { commands: ['cachao reconcile --apply --stage dev'] },
    });
    const found = await shop.run('reconcile', '--since', '60m');
    expect(found.code).toBe(1);
    expect(found.stdout).toContain('1  orders NOT PAID though their awaited payment has come (25.00 EUR)');
    expect(found.stdout).toContain('cachao reconcile --apply');

    const applied = await reconcile('--apply');
    expect(schemaErrors(applied)).toEqual([]);
    expect(applied).toMatchObject({
      outcome: 'changed',
      exitCode: 0,
      applied: { delivered: 1, outcomes: { paid: 1 }, refused: 0 },
      before: { orders: { 'paid-since': { count: 1 } } },
      comparison: {
        events: { 'not-at-stripe': { count: 0 }, processed: { count: 1 } },
        orders: { 'paid-since': { count: 0 }, awaiting: { count: 0 } },
      },
    });
    expect(await stateOf(sale)).toEqual({ status: 'paid', intent: await intentOf(sale) });
    expect(Number(await sold()) - Number(before)).toBe(2);
    expect(await reconcile('--apply')).toMatchObject({ outcome: 'ok', exitCode: 0, applied: null });
    expect(await finding()).toMatchObject({ outcome: 'pass', summary: 'no payment is awaited' });
    expect((await shop.json('trace', sale.orderId)).exitCode).toBe(0);
  });

  it('that Stripe does not have after two weeks is a warning; one whose order the shop has cancelled is none', async () => {
    const sale = await held();
    await shop.pass(15 * DAY);
    expect(await finding()).toMatchObject({
      outcome: 'warn',
      summary: '1 order has waited for a payment for more than two weeks',
      evidence: [{ label: `order ${sale.orderId}`, value: expect.stringContaining('is unpaid') }],
    });
    await shop.write("UPDATE ticket_orders SET status = 'cancelled' WHERE id = ?", [sale.orderId]);
    expect(await finding()).toMatchObject({ outcome: 'pass' });
  });

  it('of a delayed method whose second event nobody can list any more is found, and delivered', async () => {
    await sendTypes('checkout.session.completed');
    const sale = await shop.order(1, {}, { allowed_payment_method_types: ['sepa_debit'] });
    const method = await shop.stripe.paymentMethods.create({
      type: 'sepa_debit',
      sepa_debit: { iban: 'AT321904300235473204' },
      billing_details: { email: 'a@example.com', name: 'A' },
    });
    await shop.stripe.rawRequest('POST', `/v1/payment_pages/${sale.session.id}/confirm`, {
      payment_method: method.id,
    });
    await until(
      async () => (await shop.eventOf(sale)).type === 'checkout.session.async_payment_succeeded',
      'the debit is settled',
    );
    await shop.allSent();
    await sendTypes(...HANDLED_EVENT_TYPES);
    expect(await stateOf(sale)).toMatchObject({ status: 'pending' });
    // Just come: its event may be on its way.
    expect((await reconcile()).comparison).toMatchObject({
      events: { 'in-flight': { count: 1 } },
      orders: { 'paid-since': { count: 0 }, awaiting: { count: 1 } },
    });
    await shop.pass(15 * MINUTE);
    // Told once, as the event that is missing.
    expect((await reconcile()).comparison).toMatchObject({
      events: { missing: { count: 1 } },
      orders: { 'paid-since': { count: 0 } },
    });
    await shop.pass(31 * DAY);
    expect((await shop.json('reconcile', '--since', '29d')).comparison).toMatchObject({
      events: { missing: { count: 0 } },
      orders: { 'paid-since': { count: 1, amountMinor: 1250 } },
    });
    expect(await reconcile('--apply')).toMatchObject({
      exitCode: 0,
      applied: { delivered: 1, outcomes: { paid: 1 } },
    });
    expect(await stateOf(sale)).toMatchObject({ status: 'paid' });
  });
});
