import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STRIPE_LIVE_KEY } from '../../../src/local-cloud/stripe/index.js';
import { type LocalStripe, ORDER, payHeadless, startLocalStripe } from './support.js';

let local: LocalStripe;
let sdk: Stripe;
beforeEach(async () => {
  local = await startLocalStripe();
  sdk = local.sdk();
});
afterEach(() => local.close());

async function eventTypes(): Promise<string[]> {
  const { data } = await sdk.events.list({ limit: 100 });
  return data.map((event) => event.type).reverse();
}

describe('a checkout session', () => {
  it('shows what is to be paid and nothing of a payment before it is made', async () => {
    const session = await sdk.checkout.sessions.create(ORDER);
    expect(session).toMatchObject({
      object: 'checkout.session',
      amount_total: 3000,
      currency: 'eur',
      client_reference_id: 'order_42',
      livemode: false,
      metadata: { order_id: '42' },
      payment_intent: null,
      payment_status: 'unpaid',
      status: 'open',
      url: `${local.url}/pay/${session.id}`,
    });
    expect(session.id).toMatch(/^cs_test_/);
    const lines = await sdk.checkout.sessions.listLineItems(session.id);
    expect(lines.data.map((line) => [line.description, line.quantity, line.amount_total])).toEqual([
      ['Concert <b>ticket</b>', 2, 3000],
    ]);
    expect(await eventTypes()).toEqual(['product.created', 'price.created']);
  });

  it('is paid by a good card, with the events of a paid checkout', async () => {
    const session = await sdk.checkout.sessions.create(ORDER);
    await payHeadless(sdk, session);
    const paid = await sdk.checkout.sessions.retrieve(session.id, {
      expand: ['payment_intent.latest_charge', 'line_items'],
    });
    expect(paid).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      customer_details: { email: 'jenny@example.com' },
    });
    expect(paid.line_items?.data).toHaveLength(1);
    expect(paid.payment_intent).toMatchObject({
      status: 'succeeded',
      amount_received: 3000,
      latest_charge: { object: 'charge', paid: true, amount: 3000 },
    });
    expect((await eventTypes()).slice(2)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.completed',
    ]);
    const [completed] = (await sdk.events.list({ type: 'checkout.session.completed' })).data;
    expect(completed).toMatchObject({
      object: 'event',
      api_version: '2026-08-26.dahlia',
      pending_webhooks: 0,
      data: { object: { id: session.id, payment_status: 'paid', metadata: { order_id: '42' } } },
    });
    expect(completed?.request?.id).toMatch(/^req_/);
    const found = await sdk.checkout.sessions.list({
      payment_intent: (paid.payment_intent as Stripe.PaymentIntent).id,
    });
    expect(found.data.map(({ id }) => id)).toEqual([session.id]);
  });

  it('stays open when the card is declined, and can be paid afterwards with the same intent', async () => {
    const session = await sdk.checkout.sessions.create(ORDER);
    await expect(payHeadless(sdk, session, 'tok_chargeDeclinedInsufficientFunds')).rejects.toMatchObject({
      type: 'StripeCardError',
      statusCode: 402,
      code: 'card_declined',
      decline_code: 'insufficient_funds',
    });
    const declined = await sdk.checkout.sessions.retrieve(session.id);
    expect(declined).toMatchObject({ status: 'open', payment_status: 'unpaid' });
    expect((await eventTypes()).filter((type) => type.startsWith('checkout.'))).toEqual([]);
    await payHeadless(sdk, session);
    const paid = await sdk.checkout.sessions.retrieve(session.id);
    expect(paid).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      payment_intent: declined.payment_intent,
    });
    await expect(payHeadless(sdk, session)).rejects.toMatchObject({ statusCode: 400 });
  });

  it('refuses an amount that is not the one the payer saw', async () => {
    const session = await sdk.checkout.sessions.create(ORDER);
    await expect(payHeadless(sdk, { ...session, amount_total: 1 })).rejects.toMatchObject({
      param: 'expected_amount',
    });
    expect((await sdk.checkout.sessions.retrieve(session.id)).status).toBe('open');
  });

  it('completes without payment when nothing is to be paid', async () => {
    const free = structuredClone(ORDER);
    free.line_items = [
      { quantity: 1, price_data: { currency: 'eur', unit_amount: 0, product_data: { name: 'Free' } } },
    ];
    const session = await sdk.checkout.sessions.create(free);
    await payHeadless(sdk, session);
    expect(await sdk.checkout.sessions.retrieve(session.id)).toMatchObject({
      status: 'complete',
      payment_status: 'no_payment_required',
      payment_intent: null,
    });
  });

  it.each([
    ['AT611904300234573201', 'paid', 'checkout.session.async_payment_succeeded'],
    ['AT051904300235473205', 'unpaid', 'checkout.session.async_payment_failed'],
  ])('paid from %s completes unpaid and settles later: %s', async (iban, payment_status, type) => {
    const session = await sdk.checkout.sessions.create({
      ...ORDER,
      allowed_payment_method_types: ['sepa_debit'],
    });
    const method = await sdk.paymentMethods.create({
      type: 'sepa_debit',
      sepa_debit: { iban },
      billing_details: { email: 'a@example.com', name: 'A' },
    });
    await sdk.rawRequest('POST', `/v1/payment_pages/${session.id}/confirm`, { payment_method: method.id });
    expect(await sdk.checkout.sessions.retrieve(session.id)).toMatchObject({
      status: 'complete',
      payment_status: 'unpaid',
    });
    expect((await eventTypes()).at(-1)).toBe('checkout.session.completed');
    await local.clock.advance(5 * 60_000);
    expect(await sdk.checkout.sessions.retrieve(session.id)).toMatchObject({ payment_status });
    expect((await eventTypes()).at(-1)).toBe(type);
  });

  it('completes unpaid where the capture is still to come, and is paid by it without an event of its own', async () => {
    const session = await sdk.checkout.sessions.create({
      ...ORDER,
      payment_intent_data: { capture_method: 'manual' },
    });
    await payHeadless(sdk, session);
    const held = await sdk.checkout.sessions.retrieve(session.id);
    expect(held).toMatchObject({ status: 'complete', payment_status: 'unpaid' });
    const intent = held.payment_intent as string;
    expect(await sdk.paymentIntents.retrieve(intent)).toMatchObject({
      status: 'requires_capture',
      amount_capturable: held.amount_total,
      amount_received: 0,
    });
    await sdk.paymentIntents.capture(intent);
    expect(await sdk.checkout.sessions.retrieve(session.id)).toMatchObject({ payment_status: 'paid' });
    expect((await eventTypes()).slice(-3)).toEqual([
      'checkout.session.completed',
      'charge.captured',
      'payment_intent.succeeded',
    ]);
    await expect(sdk.paymentIntents.capture(intent)).rejects.toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
  });

  it('expires when asked, and by itself at expires_at', async () => {
    const asked = await sdk.checkout.sessions.create(ORDER);
    expect(await sdk.checkout.sessions.expire(asked.id)).toMatchObject({ status: 'expired', url: null });
    await expect(sdk.checkout.sessions.expire(asked.id)).rejects.toThrow(/status in \["open"\]/);
    const waited = await sdk.checkout.sessions.create({
      ...ORDER,
      expires_at: Math.floor(local.clock.now() / 1000) + 31 * 60,
    });
    await local.clock.advance(30 * 60_000);
    expect((await sdk.checkout.sessions.retrieve(waited.id)).status).toBe('open');
    await local.clock.advance(2 * 60_000);
    expect((await sdk.checkout.sessions.retrieve(waited.id)).status).toBe('expired');
    expect((await eventTypes()).filter((type) => type === 'checkout.session.expired')).toHaveLength(2);
    await expect(payHeadless(sdk, waited)).rejects.toThrow(/expired/);
  });

  it.each<[string, Partial<Stripe.Checkout.SessionCreateParams>, string]>([
    ['success_url', { success_url: 'shop.example/thanks' }, 'An explicit scheme'],
    ['success_url', { success_url: 'javascript://x/%0aalert(1)' }, 'Not a valid URL'],
    ['expires_at', { expires_at: 1 }, 'at least 30 minutes'],
    ['mode', { mode: 'subscription' }, 'does not support'],
    ['line_items', { line_items: [] }, 'Missing required param'],
    ['line_items[0][price]', { line_items: [{ price: 'price_none', quantity: 1 }] }, 'No such price'],
    ['discounts', { discounts: [{ coupon: 'x' }] }, 'does not support the parameter discounts'],
    [
      'line_items[0][price_data][currency]',
      {
        line_items: [
          { quantity: 1, price_data: { currency: 'xxx', unit_amount: 100, product_data: { name: 'x' } } },
        ],
      },
      'Invalid currency',
    ],
    [
      'line_items',
      {
        line_items: [
          { quantity: 1, price_data: { currency: 'usd', unit_amount: 49, product_data: { name: 'x' } } },
        ],
      },
      'at least 50 cents',
    ],
  ])('refuses a wrong %s', async (param, wrong, message) => {
    const refused = sdk.checkout.sessions.create({ ...ORDER, ...wrong });
    await expect(refused).rejects.toMatchObject({ param, statusCode: expect.any(Number) });
    await expect(refused).rejects.toThrow(message);
  });

  it('pages through sessions in both directions and filters by status and time', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift((await sdk.checkout.sessions.create(ORDER)).id);
    await sdk.checkout.sessions.expire(ids[0] as string);
    const first = await sdk.checkout.sessions.list({ limit: 2 });
    expect([first.data.map(({ id }) => id), first.has_more]).toEqual([ids.slice(0, 2), true]);
    const back = await sdk.checkout.sessions.list({ limit: 2, ending_before: ids[4] as string });
    expect([back.data.map(({ id }) => id), back.has_more]).toEqual([ids.slice(2, 4), true]);
    const open = await sdk.checkout.sessions.list({ status: 'open' }).autoPagingToArray({ limit: 100 });
    expect(open.map(({ id }) => id)).toEqual(ids.slice(1));
    expect((await sdk.checkout.sessions.list({ created: { lt: 1000 } })).data).toEqual([]);
  });

  it('takes no test card in live mode', async () => {
    const live = local.sdk(STRIPE_LIVE_KEY);
    const session = await live.checkout.sessions.create(ORDER);
    expect(session.id).toMatch(/^cs_live_/);
    await expect(payHeadless(live, session)).rejects.toMatchObject({ decline_code: 'live_mode_test_card' });
    await expect(sdk.checkout.sessions.retrieve(session.id)).rejects.toThrow(/exists in live mode/);
  });

  it('knows payment_method_types until endive and its successor since', async () => {
    const old = { 'stripe-version': '2026-08-26.dahlia' };
    const form =
      'mode=payment&success_url=https://x.example&line_items[0][quantity]=1&line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=100&line_items[0][price_data][product_data][name]=x&payment_method_types[]=sepa_debit';
    const before = await local.request('POST', '/v1/checkout/sessions', form, old);
    expect(await before.json()).toMatchObject({ payment_method_types: ['sepa_debit'] });
    const since = await local.request('POST', '/v1/checkout/sessions', form, {
      'stripe-version': '2026-10-28.endive',
    });
    expect(await since.json()).toMatchObject({
      error: { code: 'parameter_unknown', param: 'payment_method_types' },
    });
  });

  it('lets nobody confirm its payment intent directly', async () => {
    const session = await sdk.checkout.sessions.create(ORDER);
    await payHeadless(sdk, session, 'tok_chargeDeclined').catch(() => undefined);
    const { payment_intent } = await sdk.checkout.sessions.retrieve(session.id);
    await expect(
      sdk.paymentIntents.confirm(payment_intent as string, { payment_method: 'pm_card_visa' }),
    ).rejects.toThrow('You cannot confirm PaymentIntents created by Checkout.');
  });
});
