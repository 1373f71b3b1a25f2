import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import type { StripeEvent } from '../../../handlers/contract/stripe-event.js';
import { getEvents } from '../../../handlers/operations/events.js';
import { applyEvent } from '../../../handlers/shared/event/apply-event.js';
import { fc, inputs } from '../../support/property-tests.js';
import { buildBundles } from '../support/bundles.js';
import { envelope, webhookRequest } from '../support/envelopes.js';
import { startEnvironment } from '../support/environment.js';
import { arrival, CONFIGURATION, checkoutSession, stripeEvent } from '../support/events.js';
import { functionEnvironment, startParameterStore } from '../support/parameter-store.js';
import { sell, stateOf } from '../support/shop.js';
import { onBoth } from './on-both.js';

const COMPLETED = 'checkout.session.completed';
const bundles = await buildBundles();
afterAll(() => bundles.remove());

await onBoth('deliveries at once', ({ database, another, server }) => {
  const connections = [database, another(), another(), another(), another()];

  /** Delivers all events at once, over all connections; the outcomes and error codes, in order. */
  const deliver = (events: StripeEvent[]) =>
    Promise.all(
      events.map((event, index) =>
        applyEvent(
          connections[index % connections.length] ?? database,
          CONFIGURATION,
          event,
          arrival(index % 2 ? 'webhook' : 'eventbridge'),
        ).then(
          ({ outcome }) => outcome as string,
          (error: Error) => error.name,
        ),
      ),
    );

  it('one event, fifty times, on both paths: paid once, every arrival noted', async () => {
    const sale = await sell(database);
    const event = stripeEvent(COMPLETED, checkoutSession(sale.orderId));
    const outcomes = await deliver(Array.from({ length: 50 }, () => event));
    expect(outcomes.filter((outcome) => outcome === 'paid')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'no-change')).toHaveLength(49);
    expect(await stateOf(database, sale)).toMatchObject({ status: 'paid', sold: 7, used: 6 });
    const recorded = (await getEvents(database, CONFIGURATION, { eventIds: [event.id] })).events[0];
    expect(recorded?.arrivals).toHaveLength(50);
    expect(new Set(recorded?.arrivals.map((one) => one.via))).toEqual(new Set(['eventbridge', 'webhook']));
  });

  it('different events about one session: it is paid once', async () => {
    const sale = await sell(database);
    const session = checkoutSession(sale.orderId);
    const events = Array.from({ length: 12 }, (_, index) =>
      stripeEvent(index % 2 ? COMPLETED : 'checkout.session.async_payment_succeeded', session),
    );
    const outcomes = await deliver(events);
    expect(outcomes.filter((outcome) => outcome === 'paid')).toHaveLength(1);
    expect(await stateOf(database, sale)).toMatchObject({ status: 'paid', sold: 7, used: 6 });
  });

  it('many orders of the same ticket and discount code: every one is counted', async () => {
    const sale = await sell(database);
    const orders = await database.transaction(async (transaction) => {
      const ids: string[] = [];
      for (let index = 0; index < 20; index++) {
        const { insertId } = await transaction.change(
          `INSERT INTO ticket_orders (event_id, ticket_id, email, quantity, unit_price, discount_code_id, total_amount)
           VALUES (1, ?, 'someone@example.com', 2, '12.50', ?, '25.00')`,
          [sale.ticketId, sale.discountCodeId],
        );
        ids.push(String(insertId));
      }
      return ids;
    });
    const outcomes = await deliver(orders.map((id) => stripeEvent(COMPLETED, checkoutSession(id))));
    expect(outcomes).toEqual(orders.map(() => 'paid'));
    expect(await stateOf(database, sale)).toMatchObject({ sold: 45, used: 25 });
  });

  it('any order and any number of completed, expired and failed, one by one or at once: paid once if it was paid at all', async () => {
    const kinds = ['completed', 'succeeded', 'expired', 'failed', 'unpaid', 'ignored'] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ kind: fc.constantFrom(...kinds), copies: fc.integer({ min: 1, max: 3 }) }), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.boolean(),
        async (steps, atOnce) => {
          const sale = await sell(database);
          const session = checkoutSession(sale.orderId);
          const unpaid = { ...session, payment_status: 'unpaid' };
          const make = {
            completed: () => stripeEvent(COMPLETED, session),
            succeeded: () => stripeEvent('checkout.session.async_payment_succeeded', session),
            expired: () => stripeEvent('checkout.session.expired', { ...unpaid, status: 'expired' }),
            failed: () => stripeEvent('checkout.session.async_payment_failed', unpaid),
            unpaid: () => stripeEvent(COMPLETED, unpaid),
            ignored: () => stripeEvent('charge.succeeded', { id: 'ch_1' }),
          };
          const events = steps.flatMap(({ kind, copies }) => {
            const event = make[kind]();
            return Array.from({ length: copies }, () => event);
          });
          const outcomes = atOnce ? await deliver(events) : [];
          if (!atOnce) for (const event of events) outcomes.push(...(await deliver([event])));

          const wasPaid = steps.some(({ kind }) => kind === 'completed' || kind === 'succeeded');
          const wasReleased = steps.some(({ kind }) => kind === 'expired' || kind === 'failed');
          const after = await stateOf(database, sale);
          expect(outcomes.filter((outcome) => outcome === 'paid')).toHaveLength(wasPaid ? 1 : 0);
          expect(after).toMatchObject({ sold: wasPaid ? 7 : 5, used: wasPaid ? 6 : 5 });
          if (wasPaid) expect(after.status).toBe('paid');
          else expect(after.status === 'pending').toBe(!wasReleased);
          const ids = [...new Set(events.map((event) => event.id))];
          const { events: recorded } = await getEvents(database, CONFIGURATION, { eventIds: ids });
          expect(recorded.reduce((sum, one) => sum + one.arrivals.length, 0)).toBe(events.length);
        },
      ),
      { numRuns: inputs(25) },
    );
  });

  it('one event to several processes of both functions as they are deployed: paid once', async () => {
    const secret = `whsec_${randomBytes(16).toString('hex')}`;
    const store = await startParameterStore({
      '/cachao/test/database': server.url,
      '/cachao/test/stripe/webhook-secret': secret,
    });
    const variables = functionEnvironment(store.url);
    const environments = await Promise.all(
      ['stripe-event', 'stripe-webhook', 'stripe-event', 'stripe-webhook'].map((name) =>
        startEnvironment(bundles.bundle(name), variables),
      ),
    );
    const sale = await sell(database);
    const event = stripeEvent(COMPLETED, checkoutSession(sale.orderId));
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, index) =>
        environments[index % 4]?.invoke(
          index % 2 ? webhookRequest(event, secret) : envelope(event),
          randomUUID(),
        ),
      ),
    );
    const log = environments.map((environment) => environment.log()).join('');
    await Promise.all(environments.map((environment) => environment.kill()));
    await store.close();
    const outcomes = answers.map((answer) => {
      const result = answer?.result as { outcome?: string; body?: string } | undefined;
      return (
        result?.outcome ?? (JSON.parse(result?.body ?? '{}') as { outcome?: string }).outcome ?? answer?.error
      );
    });
    expect(outcomes.filter((outcome) => outcome === 'paid')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'no-change')).toHaveLength(23);
    expect(await stateOf(database, sale)).toMatchObject({ status: 'paid', sold: 7, used: 6 });
    expect(log).not.toContain(secret);
    expect(log).not.toContain(new URL(server.url).password || 'no password');
  });
});
