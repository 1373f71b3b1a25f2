import { afterEach, beforeEach, expect, it } from 'vitest';
import { askAdmin } from '../../support/local-cloud.js';
import { Merchant } from '../stripe/support.js';
import { HOUR, openShop, type Shop } from './shop.js';

let shop: Shop;
let merchant: Merchant;
beforeEach(async () => {
  shop = await openShop();
  merchant = await new Merchant().open();
  const { source } = await shop.destination();
  await shop.pass(60_000);
  await shop.associate(source);
  const Arn = await shop.queue('arrived');
  await shop.rule(source, source, [{ Id: 'queue', Arn }]);
  await shop.stripe.webhookEndpoints.create({
    url: merchant.url,
    enabled_events: ['checkout.session.completed'],
  });
});
afterEach(async () => {
  merchant.close();
  await shop.close();
});

const unkind = (side: 'events' | 'stripe', how: object) =>
  askAdmin(shop.cloud, `${side}/unkindness`, 'PUT', how);
const onEventBridge = async () =>
  (await shop.messages('arrived')).map(({ Body }) => JSON.parse(Body ?? '').detail.id as string);
const onWebhook = async (count: number) => {
  while (merchant.received.length < count) await shop.aMoment();
  return merchant.received.map(({ body }) => JSON.parse(body).id as string);
};
const sold = async () =>
  (await shop.stripe.events.list({ type: 'checkout.session.completed', limit: 100 })).data.map(
    ({ id }) => id,
  );

it('both paths carry the same event, under the same id', async () => {
  await shop.sell();
  await shop.pass(HOUR);
  expect(await onEventBridge()).toEqual(await sold());
  expect(await onWebhook(1)).toEqual(await sold());
});

it('each path may bring it twice', async () => {
  await unkind('events', { duplicateRate: 1 });
  await unkind('stripe', { duplicateRate: 1 });
  await shop.sell();
  await shop.pass(HOUR);
  const [event] = await sold();
  const times = await onEventBridge();
  expect(times.length).toBeGreaterThanOrEqual(2);
  expect(new Set([...times, ...(await onWebhook(2))])).toEqual(new Set([event]));
});

it('and in another order than it happened', async () => {
  await unkind('events', { reorder: true });
  for (let sale = 0; sale < 12; sale += 1) await shop.sell();
  const inOrder = (await sold()).reverse();
  await shop.pass(HOUR);
  const arrived = await onEventBridge();
  expect([...arrived].sort()).toEqual([...inOrder].sort());
  expect(arrived).not.toEqual(inOrder);
});
