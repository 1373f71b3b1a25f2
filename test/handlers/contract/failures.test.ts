import { createConnection } from 'mysql2/promise';
import { expect, it } from 'vitest';
import { getEvents } from '../../../handlers/operations/events.js';
import { Database } from '../../../handlers/shared/database/database.js';
import { applyEvent } from '../../../handlers/shared/event/apply-event.js';
import { addressAt, placeAt } from '../support/databases.js';
import { arrival, CONFIGURATION, checkoutSession, stripeEvent } from '../support/events.js';
import { startProxy } from '../support/flaky-proxy.js';
import { sell, stateOf } from '../support/shop.js';
import { onBoth } from './on-both.js';

const COMPLETED = 'checkout.session.completed';

await onBoth('failures of the database', ({ database, another, server }) => {
  const address = addressAt(server.url);
  const flaky = async () => {
    const proxy = await startProxy(address);
    const through = new Database(placeAt({ ...address, host: '127.0.0.1', port: proxy.port }));
    const close = async () => {
      await through.close();
      await proxy.close();
    };
    return { proxy, through, close };
  };
  const raw = () =>
    createConnection({
      host: address.host,
      port: address.port,
      user: address.user,
      password: address.password,
      database: address.database,
    });

  it.each([
    ['before', 'ticket_orders WHERE id'],
    ['before', 'INSERT INTO stripe_events'],
    ['after', 'INSERT INTO stripe_event_arrivals'],
    ['after', 'UPDATE ticket_orders'],
    ['before', 'COMMIT'],
    ['after', 'COMMIT'],
  ] as const)('a connection lost %s "%s": connects again, and the event counts once', async (when, text) => {
    const { proxy, through, close } = await flaky();
    const sale = await sell(database);
    const event = stripeEvent(COMPLETED, checkoutSession(sale.orderId));
    if (when === 'before') proxy.cutBefore(text);
    else proxy.cutAfter(text);
    const { outcome } = await applyEvent(through, CONFIGURATION, event, arrival());
    // Lost after COMMIT, nobody can know that it had succeeded: the repetition finds it done.
    expect(outcome).toBe(when === 'after' && text === 'COMMIT' ? 'no-change' : 'paid');
    expect(proxy.connections()).toBe(2);
    expect(await stateOf(database, sale)).toMatchObject({ status: 'paid', sold: 7, used: 6 });
    expect((await getEvents(database, CONFIGURATION, { eventIds: [event.id] })).events[0]).toMatchObject({
      outcome: 'paid',
      arrivals: [{}],
    });
    expect(
      (await getEvents(database, CONFIGURATION, { eventIds: [event.id] })).events[0]?.arrivals,
    ).toHaveLength(1);
    await close();
  });

  it('a connection lost while nothing was done: the next event notices and connects again', async () => {
    const { proxy, through, close } = await flaky();
    for (let round = 0; round < 3; round++) {
      const sale = await sell(database);
      expect(
        (
          await applyEvent(
            through,
            CONFIGURATION,
            stripeEvent(COMPLETED, checkoutSession(sale.orderId)),
            arrival(),
          )
        ).outcome,
      ).toBe('paid');
      proxy.cutAll();
    }
    await close();
  });

  it('no database: DATABASE_UNAVAILABLE, without its password', async () => {
    const { proxy, through, close } = await flaky();
    await proxy.close();
    const attempt = applyEvent(through, CONFIGURATION, stripeEvent('charge.updated', {}), arrival());
    await expect(attempt).rejects.toMatchObject({
      name: 'DATABASE_UNAVAILABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    await close();
  });

  it('a client that dies in the middle of a transaction: what it did is undone at once', async () => {
    const sale = await sell(database);
    const dying = await raw();
    dying.on('error', () => undefined);
    await dying.query('START TRANSACTION');
    await dying.query("UPDATE ticket_orders SET status = 'cancelled' WHERE id = ?", [sale.orderId]);
    const waiting = applyEvent(
      database,
      CONFIGURATION,
      stripeEvent(COMPLETED, checkoutSession(sale.orderId)),
      arrival(),
    );
    dying.destroy();
    expect((await waiting).outcome).toBe('paid');
    expect(await stateOf(database, sale)).toMatchObject({ status: 'paid', sold: 7, used: 6 });
  });

  it('a row that another transaction holds: waits for it', async () => {
    const sale = await sell(database);
    const holder = await raw();
    await holder.query('START TRANSACTION');
    await holder.query('SELECT id FROM ticket_orders WHERE id = ? FOR UPDATE', [sale.orderId]);
    // It decides on what is committed, not on what it could have read before.
    const refused = expect(
      applyEvent(another(), CONFIGURATION, stripeEvent(COMPLETED, checkoutSession(sale.orderId)), arrival()),
    ).rejects.toMatchObject({ name: 'AMOUNT_MISMATCH' });
    await holder.query("UPDATE ticket_orders SET total_amount = '24.00' WHERE id = ?", [sale.orderId]);
    await holder.query('COMMIT');
    await holder.end();
    await refused;
  });

  it('transactions that lock two rows crosswise: deadlocks and waits are tried again until both are through', async () => {
    const [one, two] = [await sell(database), await sell(database)];
    const connections = [another(), another(), another(), another()];
    let attempts = 0;
    const locked = new Set<unknown>();
    let bothLocked = () => {};
    const crossed = new Promise<void>((resolve) => {
      bothLocked = resolve;
    });
    await Promise.all(
      connections.map((connection, index) =>
        connection.transaction(async (transaction) => {
          attempts += 1;
          const [first, second] = index % 2 ? [one, two] : [two, one];
          await transaction.change('UPDATE tickets SET sold_quantity = sold_quantity + 1 WHERE id = ?', [
            first.ticketId,
          ]);
          if (locked.add(first).size === 2) bothLocked();
          // The embedded database lets one transaction after the other write: there they cannot cross.
          if (server.name === 'MariaDB') await crossed;
          await transaction.change('UPDATE tickets SET sold_quantity = sold_quantity + 1 WHERE id = ?', [
            second.ticketId,
          ]);
        }),
      ),
    );
    expect(await stateOf(database, one)).toMatchObject({ sold: 9 });
    expect(await stateOf(database, two)).toMatchObject({ sold: 9 });
    if (server.name === 'MariaDB') expect(attempts).toBeGreaterThan(4);
  });

  it('a server without TLS, where TLS is asked for: refused, not connected in clear', async () => {
    const strict = new Database(placeAt({ ...address, tls: 'verified' }));
    await expect(
      strict.transaction((transaction) => transaction.rows('SELECT 1 AS one')),
    ).rejects.toMatchObject({
      name: 'DATABASE_UNAVAILABLE',
      message: expect.stringMatching(/SSL|TLS/),
    });
  });

  it('a missing column: DATABASE_SCHEMA, naming it', async () => {
    const attempt = database.transaction((transaction) => transaction.rows('SELECT colour FROM tickets'));
    await expect(attempt).rejects.toMatchObject({
      name: 'DATABASE_SCHEMA',
      message: expect.stringContaining('colour'),
    });
  });

  it('keeps values out of its messages', async () => {
    const attempt = database.transaction((transaction) =>
      transaction.change(
        "INSERT INTO discount_codes (id, code, used_count) VALUES (1, 'x', 'customer''s secret')",
      ),
    );
    await expect(attempt).rejects.toSatisfy(
      (error: Error) => !error.message.includes('secret') && error.message.includes('used_count'),
    );
  });
});
