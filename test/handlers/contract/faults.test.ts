import { describe, expect, it } from 'vitest';
import type { StripeEvent } from '../../../handlers/contract/stripe-event.js';
import { getEvents } from '../../../handlers/operations/events.js';
import { Database } from '../../../handlers/shared/database/database.js';
import { applyEvent } from '../../../handlers/shared/event/apply-event.js';
import { fc, inputs } from '../../support/property-tests.js';
import { addressAt, placeAt } from '../support/databases.js';
import { arrival, CONFIGURATION, checkoutSession, stripeEvent } from '../support/events.js';
import { type Fault, startFaultProxy } from '../support/fault-proxy.js';
import { type Sale, sell, stateOf } from '../support/shop.js';
import { onBoth } from './on-both.js';

const STATEMENTS = [
  'FROM ticket_orders',
  'INSERT INTO stripe_events',
  'INSERT INTO stripe_event_arrivals',
  'UPDATE ticket_orders',
  'COMMIT',
  'SET SESSION',
];

await onBoth('faults between a function and its database', ({ database, server }) => {
  const address = addressAt(server.url);
  const through = async (
    limits?: { patienceMs: number; statementMs: number },
    product: 'as-is' | 'mysql' = 'as-is',
  ) => {
    const proxy = await startFaultProxy(address, product);
    const faulty = new Database(placeAt({ ...address, host: '127.0.0.1', port: proxy.port }), limits);
    const close = async () => {
      await faulty.close().catch(() => undefined);
      await proxy.close();
    };
    return { proxy, faulty, close };
  };
  const payment = (sale: Sale) => stripeEvent('checkout.session.completed', checkoutSession(sale.orderId));
  const apply = (to: Database, event: StripeEvent) => applyEvent(to, CONFIGURATION, event, arrival());

  it.each([1040, 1203, 1226, 1047, 9001, 9501])(
    'waits while the server refuses connections with %i',
    async (errno) => {
      const { proxy, faulty, close } = await through();
      const refusal: Fault = { kind: 'connect-error', errno };
      proxy.plan(refusal, refusal);
      const sale = await sell(database);
      expect((await apply(faulty, payment(sale))).outcome).toBe('paid');
      expect(proxy.connections()).toBe(3);
      await close();
    },
  );

  it('gives up waiting when its patience is over, and says why', async () => {
    const { proxy, faulty, close } = await through({ patienceMs: 50, statementMs: 10_000 });
    proxy.plan(...Array.from({ length: 50 }, (): Fault => ({ kind: 'connect-error', errno: 1040 })));
    await expect(apply(faulty, payment(await sell(database)))).rejects.toMatchObject({
      name: 'DATABASE_UNAVAILABLE',
      message: expect.stringContaining('ER_CON_COUNT_ERROR'),
    });
    await close();
  });

  it.each([
    ['a server that became read-only', 1290],
    ['a reader of a cluster', 1836],
    ['a session that only reads', 1792],
    ['a server that shuts down', 1053],
  ])('leaves %s (%i) and connects anew', async (_title, errno) => {
    const { proxy, faulty, close } = await through();
    const sale = await sell(database);
    proxy.plan({ kind: 'error', at: 'INSERT INTO stripe_events', errno });
    expect((await apply(faulty, payment(sale))).outcome).toBe('paid');
    expect(proxy.connections()).toBe(2);
    await close();
  });

  it.each([
    ['COMMIT', 1213],
    ['UPDATE ticket_orders', 1205],
    ['FROM ticket_orders', 1020],
  ])('begins again on the same connection when others were in the way of %s (%i)', async (at, errno) => {
    const { proxy, faulty, close } = await through();
    const sale = await sell(database);
    proxy.plan({ kind: 'error', at, errno });
    expect((await apply(faulty, payment(sale))).outcome).toBe('paid');
    expect(proxy.connections()).toBe(1);
    await close();
  });

  it.each([
    [1045, 'DATABASE_UNAVAILABLE', 'ER_ACCESS_DENIED_ERROR'],
    [1049, 'DATABASE_UNAVAILABLE', 'ER_BAD_DB_ERROR'],
    [1129, 'DATABASE_UNAVAILABLE', 'ER_HOST_IS_BLOCKED'],
  ])('does not ask twice after %i', async (errno, name, code) => {
    const { proxy, faulty, close } = await through();
    proxy.plan({ kind: 'connect-error', errno });
    await expect(apply(faulty, payment(await sell(database)))).rejects.toMatchObject({
      name,
      message: expect.stringContaining(code),
    });
    expect(proxy.connections()).toBe(1);
    await close();
  });

  it('takes 1292, a value that fits no column, for a matter of the schema', async () => {
    const { proxy, faulty, close } = await through();
    proxy.plan({ kind: 'error', at: 'INSERT INTO stripe_events', errno: 1292 });
    await expect(apply(faulty, payment(await sell(database)))).rejects.toMatchObject({
      name: 'DATABASE_SCHEMA',
    });
    await close();
  });

  it.each([1e12, 1e300, -1, Number.NaN])(
    'takes an event that was created at %d for a malformed one',
    async (created) => {
      const event = { ...payment(await sell(database)), created };
      await expect(apply(database, event)).rejects.toMatchObject({ name: 'MALFORMED_EVENT' });
    },
  );

  describe('numbers that MySQL and MariaDB give different meanings', () => {
    it('4031 is a lost connection on MySQL', async () => {
      const { proxy, faulty, close } = await through(undefined, 'mysql');
      proxy.plan({ kind: 'error', at: 'FROM ticket_orders', errno: 4031 });
      expect((await apply(faulty, payment(await sell(database)))).outcome).toBe('paid');
      expect(proxy.connections()).toBe(2);
      await close();
    });

    it('and on MariaDB it is not, nor does it bear the name that MySQL gives it', async () => {
      const { proxy, faulty, close } = await through();
      proxy.plan({ kind: 'error', at: 'FROM ticket_orders', errno: 4031 });
      await expect(apply(faulty, payment(await sell(database)))).rejects.toMatchObject({
        name: 'DATABASE_UNAVAILABLE',
        message: expect.stringContaining('error 4031'),
      });
      expect(proxy.connections()).toBe(1);
      await close();
    });
  });

  it('whatever happens, each event is applied once or reported, and delivering it again heals', async () => {
    const errno = fc.constantFrom(1040, 1205, 1213, 1290, 1836, 2013, 1053, 1045, 1292, 3100, 4031, 1064);
    const at = fc.constantFrom(...STATEMENTS);
    const fault: fc.Arbitrary<Fault> = fc.oneof(
      fc.record({ kind: fc.constant('refuse' as const) }),
      fc.record({ kind: fc.constant('connect-error' as const), errno }),
      fc.record({ kind: fc.constant('error' as const), at, errno }),
      fc.record({
        kind: fc.constant('cut' as const),
        at,
        when: fc.constantFrom('before' as const, 'after' as const),
      }),
      fc.record({ kind: fc.constant('stall' as const), at }),
    );
    const { proxy, faulty, close } = await through({ patienceMs: 400, statementMs: 150 });
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { minLength: 1, maxLength: 8 }), async (planned) => {
        const sales = [await sell(database), await sell(database)];
        const events = sales.map(payment);
        proxy.plan(...planned);
        // As Lambda does: three attempts, then the dead-letter queue.
        const deadLetters: StripeEvent[] = [];
        for (const event of events) {
          let isDone = false;
          for (let attempt = 0; attempt < 3 && !isDone; attempt++)
            isDone = await apply(faulty, event).then(
              () => true,
              () => false,
            );
          if (!isDone) deadLetters.push(event);
        }
        proxy.recover();
        const isDead = (event: StripeEvent) => deadLetters.includes(event);
        for (const [index, sale] of sales.entries())
          if (!isDead(events[index] as StripeEvent))
            expect(await stateOf(database, sale)).toMatchObject({ status: 'paid', sold: 7, used: 6 });
        for (const event of deadLetters) await apply(database, event);
        for (const sale of sales)
          expect(await stateOf(database, sale)).toMatchObject({ status: 'paid', sold: 7, used: 6 });
        const recorded = await getEvents(database, CONFIGURATION, { eventIds: events.map(({ id }) => id) });
        expect(recorded.events.map(({ outcome }) => outcome)).toEqual(['paid', 'paid']);
      }),
      { numRuns: inputs(15) },
    );
    await close();
  });
});
