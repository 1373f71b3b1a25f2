import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemaErrors } from './support/schema.js';
import { MINUTE, Shop } from './support/shop.js';

/** Where real money is taken, nothing is delivered before the account was named; looking needs no more than a key. */
describe('cachao reconcile on a live stage', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await Shop.open({ live: true, webhook: false });
  });
  afterAll(() => shop.close());

  it('looks without a question, and delivers only when the account is named', async () => {
    const [abandoned] = await shop.lost(async () => {
      const order = await shop.order();
      await shop.stripe.checkout.sessions.expire(order.session.id);
      return [order];
    });
    await shop.pass(15 * MINUTE);
    expect(await shop.json('reconcile')).toMatchObject({
      outcome: 'problem',
      exitCode: 1,
      comparison: { events: { missing: { count: 1 } } },
    });
    const unnamed = await shop.json('reconcile', '--apply');
    expect(schemaErrors(unnamed)).toEqual([]);
    expect(unnamed).toMatchObject({
      exitCode: 4,
      error: { code: 'ANSWERS_NEEDED' },
      applied: null,
      comparison: { events: { missing: { count: 1 } } },
    });
    const another = await shop.json('reconcile', '--apply', '--confirm-live', 'acct_another');
    expect(another).toMatchObject({ exitCode: 1, error: { code: 'LIVE_NOT_CONFIRMED' }, applied: null });
    const status = async () =>
      (await shop.rows('SELECT status FROM ticket_orders WHERE id = ?', [abandoned?.orderId]))[0]?.status;
    expect(await status()).toBe('pending');
    const { id } = await shop.stripe.accounts.retrieveCurrent();
    const named = await shop.json('reconcile', '--apply', '--confirm-live', id);
    expect(named).toMatchObject({ applied: { delivered: 1, outcomes: { released: 1 } } });
    expect(await status()).toBe('expired');
  });

  it('refuses a key of the other mode before it asks anything', async () => {
    const environment = { STRIPE_API_KEY: shop.cloud.environment.STRIPE_API_KEY as string };
    const refused = JSON.parse((await shop.runWith({ environment }, 'reconcile', '--json')).stdout);
    expect(schemaErrors(refused)).toEqual([]);
    expect(refused).toMatchObject({ exitCode: 1, error: { code: 'MODE_MISMATCH' } });
  });
});
