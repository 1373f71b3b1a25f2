import { expect, it } from 'vitest';
import type { StripeEvent } from '../../../handlers/contract/stripe-event.js';
import { getEvents } from '../../../handlers/operations/events.js';
import { applyEvent } from '../../../handlers/shared/event/apply-event.js';
import { itWhere } from '../../support/where.js';
import { arrival, CONFIGURATION, checkoutSession, sessionId, stripeEvent } from '../support/events.js';
import { sell, stateOf } from '../support/shop.js';
import { onBoth } from './on-both.js';

const COMPLETED = 'checkout.session.completed';
const EXPIRED = 'checkout.session.expired';
const SUCCEEDED = 'checkout.session.async_payment_succeeded';
const FAILED = 'checkout.session.async_payment_failed';

type Refused = [code: string, make: (orderId: string) => StripeEvent];

await onBoth('applyEvent', ({ database, server }) => {
  const apply = (event: ReturnType<typeof stripeEvent>, configuration = CONFIGURATION) =>
    applyEvent(database, configuration, event, arrival());
  const ledger = async (id: string) =>
    (await getEvents(database, CONFIGURATION, { eventIds: [id] })).events[0];

  it('marks an order paid, moves its counters, and records the event with its arrival', async () => {
    const sale = await sell(database);
    const session = checkoutSession(sale.orderId);
    const event = stripeEvent(COMPLETED, session);
    const came = arrival('webhook');
    expect(await applyEvent(database, CONFIGURATION, event, came)).toEqual({
      outcome: 'paid',
      orderId: sale.orderId,
    });
    expect(await stateOf(database, sale)).toEqual({
      status: 'paid',
      sold: 7,
      used: 6,
      sessionId: session.id,
      paymentIntentId: session.payment_intent,
    });
    expect(await ledger(event.id)).toMatchObject({
      eventId: event.id,
      eventType: COMPLETED,
      createdAt: new Date(event.created * 1000).toISOString(),
      livemode: false,
      sessionId: session.id,
      orderId: sale.orderId,
      outcome: 'paid',
      arrivals: [{ via: 'webhook', receivedAt: came.receivedAt.toISOString() }],
    });
  });

  it('takes five statements for a payment, and three for an event to record', async () => {
    const sale = await sell(database);
    const before = database.statements;
    await apply(stripeEvent(COMPLETED, checkoutSession(sale.orderId)));
    expect(database.statements - before).toBe(5);
    await apply(stripeEvent('invoice.paid', { id: 'in_1' }));
    expect(database.statements - before).toBe(8);
  });

  it('applies an event once, and notes each of its arrivals', async () => {
    const sale = await sell(database);
    const event = stripeEvent(COMPLETED, checkoutSession(sale.orderId));
    const first = arrival('eventbridge');
    expect((await applyEvent(database, CONFIGURATION, event, first)).outcome).toBe('paid');
    expect((await applyEvent(database, CONFIGURATION, event, arrival('webhook'))).outcome).toBe('no-change');
    // Lambda's second attempt at the first delivery, whose answer was lost.
    expect((await applyEvent(database, CONFIGURATION, event, first)).outcome).toBe('no-change');
    expect(await stateOf(database, sale)).toMatchObject({ status: 'paid', sold: 7, used: 6 });
    const recorded = await ledger(event.id);
    expect(recorded?.outcome).toBe('paid');
    expect(recorded?.arrivals.map((one) => one.via).sort()).toEqual(['eventbridge', 'webhook']);
  });

  it('follows a delayed payment from completion to success', async () => {
    const sale = await sell(database);
    const session = checkoutSession(sale.orderId, { payment_status: 'unpaid' });
    expect((await apply(stripeEvent(COMPLETED, session))).outcome).toBe('awaiting-payment');
    expect(await stateOf(database, sale)).toMatchObject({ status: 'pending', sold: 5, used: 5 });
    expect((await apply(stripeEvent(SUCCEEDED, { ...session, payment_status: 'paid' }))).outcome).toBe(
      'paid',
    );
    expect(await stateOf(database, sale)).toMatchObject({ status: 'paid', sold: 7, used: 6 });
  });

  it('releases an order whose delayed payment failed, or whose session expired, without moving counters', async () => {
    for (const [type, status] of [
      [FAILED, 'failed'],
      [EXPIRED, 'expired'],
    ] as const) {
      const sale = await sell(database);
      const session = checkoutSession(sale.orderId, {
        payment_status: 'unpaid',
        status: type === EXPIRED ? 'expired' : 'complete',
        payment_intent: null,
        amount_total: null,
      });
      expect((await apply(stripeEvent(type, session))).outcome).toBe('released');
      expect(await stateOf(database, sale)).toMatchObject({ status, sold: 5, used: 5 });
    }
  });

  it('does not release an order for a session that the customer has replaced', async () => {
    const sale = await sell(database, { sessionId: sessionId() });
    expect(
      (
        await apply(
          stripeEvent(
            EXPIRED,
            checkoutSession(sale.orderId, { payment_status: 'unpaid', status: 'expired' }),
          ),
        )
      ).outcome,
    ).toBe('no-change');
    expect((await stateOf(database, sale)).status).toBe('pending');
  });

  it('takes a free order as paid', async () => {
    const sale = await sell(database, { total: '0.00' });
    const session = checkoutSession(sale.orderId, {
      payment_status: 'no_payment_required',
      amount_total: 0,
      payment_intent: null,
    });
    expect((await apply(stripeEvent(COMPLETED, session))).outcome).toBe('paid');
    expect(await stateOf(database, sale)).toMatchObject({ status: 'paid', paymentIntentId: null });
  });

  const refused: Refused[] = [
    ['UNKNOWN_ORDER', (_id: string) => stripeEvent(COMPLETED, checkoutSession('987654321'))],
    ['UNKNOWN_ORDER', (id: string) => stripeEvent(COMPLETED, checkoutSession(`${id}x`))],
    ['AMOUNT_MISMATCH', (id: string) => stripeEvent(COMPLETED, checkoutSession(id, { amount_total: 2499 }))],
    ['CURRENCY_MISMATCH', (id: string) => stripeEvent(COMPLETED, checkoutSession(id, { currency: 'usd' }))],
    ['LIVEMODE_MISMATCH', (id: string) => stripeEvent(COMPLETED, checkoutSession(id), { livemode: true })],
    ['LIVEMODE_MISMATCH', (id: string) => stripeEvent(COMPLETED, checkoutSession(id, { livemode: true }))],
    ['MISSING_ORDER_ID', (_id: string) => stripeEvent(COMPLETED, checkoutSession('', { metadata: null }))],
    [
      'MALFORMED_EVENT',
      (id: string) => stripeEvent(COMPLETED, { ...checkoutSession(id), payment_status: 'maybe' }),
    ],
    ['MALFORMED_EVENT', (id: string) => stripeEvent(COMPLETED, checkoutSession(id, { amount_total: null }))],
    ['MALFORMED_EVENT', (_id: string) => stripeEvent(COMPLETED, { id: 'pi_1', object: 'payment_intent' })],
    [
      'MALFORMED_EVENT',
      (id: string) => stripeEvent(SUCCEEDED, checkoutSession(id, { payment_status: 'unpaid' })),
    ],
    ...[['paid'], ['unpaid'], { toString: 1 }, 1, true, null].map(
      (payment_status) =>
        [
          'MALFORMED_EVENT',
          (id: string) => stripeEvent(COMPLETED, { ...checkoutSession(id), payment_status }),
        ] as Refused,
    ),
    ...(['open', 'expired'] as const).map(
      (status) =>
        [
          'MALFORMED_EVENT',
          (id: string) => stripeEvent(COMPLETED, checkoutSession(id, { status })),
        ] as Refused,
    ),
    [
      'MALFORMED_EVENT',
      (id: string) =>
        stripeEvent(EXPIRED, checkoutSession(id, { payment_status: 'unpaid', status: 'complete' })),
    ],
    ...[-2500, 25.5, '2500', [2500], 2 ** 53].map(
      (amount_total) =>
        [
          'MALFORMED_EVENT',
          (id: string) => stripeEvent(COMPLETED, { ...checkoutSession(id), amount_total }),
        ] as Refused,
    ),
    [
      'MALFORMED_EVENT',
      (id: string) =>
        stripeEvent(COMPLETED, { ...checkoutSession(id), total_details: { amount_tax: '475' } }),
    ],
  ];
  it.each(refused)('refuses with %s and leaves no trace', async (code, make) => {
    const sale = await sell(database);
    const event = make(sale.orderId);
    await expect(apply(event)).rejects.toMatchObject({ name: code, code });
    expect(await ledger(event.id)).toBeUndefined();
    expect(await stateOf(database, sale)).toMatchObject({
      status: 'pending',
      sold: 5,
      used: 5,
      sessionId: null,
    });
  });

  it('takes what still comes of a test checkout whose order was removed, but no live payment', async () => {
    const metadata = { order_id: '987654321', cachao_run: 'b9a5c0f3-8f1c-4d0e-9d5c-0a51c0a5c0a5' };
    const over = (type: string) =>
      stripeEvent(
        type,
        checkoutSession('987654321', { metadata, status: type === EXPIRED ? 'expired' : 'complete' }),
      );
    for (const type of ['checkout.session.expired', COMPLETED])
      expect((await apply(over(type))).outcome).toBe('no-change');
    const live = checkoutSession('987654321', { metadata, livemode: true });
    const paid = stripeEvent(COMPLETED, live, { livemode: true });
    await expect(apply(paid)).rejects.toMatchObject({
      code: expect.stringMatching(/UNKNOWN_ORDER|LIVEMODE/),
    });
  });

  it('takes the first full payment of an order, whichever of its sessions brought it', async () => {
    const sale = await sell(database, { sessionId: 'cs_test_of_the_second_tab' });
    const older = checkoutSession(sale.orderId);
    expect((await apply(stripeEvent(COMPLETED, older))).outcome).toBe('paid');
    expect(await stateOf(database, sale)).toMatchObject({
      status: 'paid',
      sold: 7,
      used: 6,
      sessionId: older.id,
      paymentIntentId: older.payment_intent,
    });
    const unpaid = { id: 'cs_test_of_the_second_tab', payment_status: 'unpaid' } as const;
    const end = stripeEvent(EXPIRED, checkoutSession(sale.orderId, { ...unpaid, status: 'expired' }));
    expect((await apply(end)).outcome).toBe('no-change');
    expect((await stateOf(database, sale)).status).toBe('paid');
  });

  it('pays an order that was released when its newer session expired, by the older one', async () => {
    const newer = sessionId();
    const sale = await sell(database, { sessionId: newer });
    const over = checkoutSession(sale.orderId, { id: newer, payment_status: 'unpaid', status: 'expired' });
    expect((await apply(stripeEvent(EXPIRED, over))).outcome).toBe('released');
    expect((await apply(stripeEvent(COMPLETED, checkoutSession(sale.orderId)))).outcome).toBe('paid');
  });

  it('refuses a second payment of an order, and says which one to refund', async () => {
    const sale = await sell(database);
    const first = checkoutSession(sale.orderId);
    await apply(stripeEvent(COMPLETED, first));
    const second = checkoutSession(sale.orderId);
    await expect(apply(stripeEvent(COMPLETED, second))).rejects.toMatchObject({
      name: 'SESSION_MISMATCH',
      message: expect.stringContaining(`${first.id} had paid it before. Refund ${second.payment_intent}`),
    });
    expect(await stateOf(database, sale)).toMatchObject({
      status: 'paid',
      sold: 7,
      used: 6,
      sessionId: first.id,
    });
  });

  it('refuses the payment of a connected account, unless the stage takes those', async () => {
    const sale = await sell(database);
    const event = stripeEvent(COMPLETED, checkoutSession(sale.orderId), { account: 'acct_other' });
    await expect(apply(event)).rejects.toMatchObject({ name: 'CONNECTED_ACCOUNT' });
    expect((await stateOf(database, sale)).status).toBe('pending');
    expect((await apply(event, { ...CONFIGURATION, connectedAccounts: true })).outcome).toBe('paid');
  });

  it('says of a wrong amount what Stripe computed on it, and how to count it', async () => {
    const sale = await sell(database);
    const session = checkoutSession(sale.orderId, {
      amount_total: 2700,
      amount_subtotal: 2500,
      total_details: { amount_tax: 475, amount_discount: 275, amount_shipping: 0 },
    });
    const event = stripeEvent(COMPLETED, session);
    await expect(apply(event)).rejects.toMatchObject({
      name: 'AMOUNT_MISMATCH',
      message: expect.stringMatching(/4\.75 tax, 2\.75 discount.*orderAmount to "subtotal"/),
    });
    expect((await apply(event, { ...CONFIGURATION, orderAmount: 'subtotal' })).outcome).toBe('paid');

    const taxed = await sell(database);
    const withTax = checkoutSession(taxed.orderId, {
      amount_total: 2975,
      total_details: { amount_tax: 475 },
    });
    expect(
      (await apply(stripeEvent(COMPLETED, withTax), { ...CONFIGURATION, orderAmount: 'total-without-tax' }))
        .outcome,
    ).toBe('paid');
  });

  it('waits for a payment that was put off, and takes it when the same event comes with its session of later', async () => {
    const sale = await sell(database);
    const later = checkoutSession(sale.orderId, { payment_status: 'no_payment_required' });
    const event = stripeEvent(COMPLETED, later);
    expect((await apply(event)).outcome).toBe('awaiting-payment');
    expect((await apply(event)).outcome).toBe('awaiting-payment');
    expect(await stateOf(database, sale)).toMatchObject({ status: 'pending', sold: 5 });

    const captured = { ...event, data: { object: { ...later, payment_status: 'paid' } } };
    expect((await apply(captured)).outcome).toBe('paid');
    expect((await apply(captured)).outcome).toBe('no-change');
    expect(await ledger(event.id)).toMatchObject({ outcome: 'paid' });
    expect(await stateOf(database, sale)).toMatchObject({ status: 'paid', sold: 7, used: 6 });
  });

  it('does not hide a wrong amount behind an event that is known as awaited', async () => {
    const sale = await sell(database);
    const event = stripeEvent(COMPLETED, checkoutSession(sale.orderId, { payment_status: 'unpaid' }));
    await apply(event);
    const object = { ...event.data.object, payment_status: 'paid', amount_total: 1 };
    await expect(apply({ ...event, data: { object } })).rejects.toMatchObject({ name: 'AMOUNT_MISMATCH' });
  });

  it('does not take a payment of one order for that of another which names the same session', async () => {
    const first = await sell(database);
    const session = checkoutSession(first.orderId);
    await apply(stripeEvent(COMPLETED, session));
    const cancelled = await sell(database, { status: 'cancelled' });
    const again = { ...session, metadata: { ...session.metadata, order_id: cancelled.orderId } };
    await expect(apply(stripeEvent(COMPLETED, again))).rejects.toMatchObject({ name: 'ORDER_NOT_PAYABLE' });
  });

  // The embedded database has no ALTER TABLE … MODIFY, and its quantity takes no NULL.
  itWhere(server.name === 'MariaDB', 'only MariaDB has it')(
    'counts nothing for an order without a quantity',
    async () => {
      const sale = await sell(database);
      await database.transaction(async (transaction) => {
        await transaction.change('ALTER TABLE ticket_orders MODIFY quantity INT NULL');
        await transaction.change('UPDATE ticket_orders SET quantity = NULL WHERE id = ?', [sale.orderId]);
      });
      expect((await apply(stripeEvent(COMPLETED, checkoutSession(sale.orderId)))).outcome).toBe('paid');
      expect(await stateOf(database, sale)).toMatchObject({ status: 'paid', sold: 5, used: 6 });
    },
  );

  it('refuses to pay an order that the shop took out of sale, and accepts what it already knows of one', async () => {
    const cancelled = await sell(database, { status: 'cancelled' });
    await expect(apply(stripeEvent(COMPLETED, checkoutSession(cancelled.orderId)))).rejects.toMatchObject({
      name: 'ORDER_NOT_PAYABLE',
    });

    const refunded = await sell(database);
    const session = checkoutSession(refunded.orderId);
    const event = stripeEvent(COMPLETED, session);
    await apply(event);
    await database.transaction((transaction) =>
      transaction.change("UPDATE ticket_orders SET status = 'refunded', total_amount = '0.00' WHERE id = ?", [
        refunded.orderId,
      ]),
    );
    expect((await apply(event)).outcome).toBe('no-change');
    expect((await stateOf(database, refunded)).status).toBe('refunded');
  });

  it('knows an event again after its order is gone', async () => {
    const sale = await sell(database);
    const event = stripeEvent(COMPLETED, checkoutSession(sale.orderId));
    await apply(event);
    await database.transaction((transaction) =>
      transaction.change('DELETE FROM ticket_orders WHERE id = ?', [sale.orderId]),
    );
    expect((await apply(event)).outcome).toBe('no-change');
    expect((await ledger(event.id))?.arrivals).toHaveLength(2);
  });

  it('records what is not for it, and applies it once it is', async () => {
    const sale = await sell(database);
    const foreign = stripeEvent(
      COMPLETED,
      checkoutSession(sale.orderId, { metadata: { order_id: sale.orderId, cachao_stage: 'other' } }),
    );
    expect(await apply(foreign)).toEqual({ outcome: 'other-stage', orderId: null });
    expect(await ledger(foreign.id)).toMatchObject({ outcome: 'other-stage', orderId: null });
    expect((await stateOf(database, sale)).status).toBe('pending');

    expect((await apply(foreign, { ...CONFIGURATION, stage: 'other' })).outcome).toBe('paid');
    expect(await ledger(foreign.id)).toMatchObject({ outcome: 'paid', orderId: sale.orderId });
    expect(await stateOf(database, sale)).toMatchObject({ status: 'paid', sold: 7 });

    const nobodys = stripeEvent(COMPLETED, checkoutSession('', { metadata: {} }));
    expect((await apply(nobodys, { ...CONFIGURATION, sharedAccount: true })).outcome).toBe('not-ours');
    const ignored = stripeEvent('charge.refunded', { id: 'ch_1', object: 'charge' });
    expect((await apply(ignored)).outcome).toBe('ignored-type');
    expect((await apply(ignored)).outcome).toBe('ignored-type');
    expect((await ledger(ignored.id))?.arrivals).toHaveLength(2);
  });
});
