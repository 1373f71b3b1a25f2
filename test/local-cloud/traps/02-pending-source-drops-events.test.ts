import { DeleteEventBusCommand, DeleteRuleCommand, RemoveTargetsCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HOUR, openShop, type Shop } from './shop.js';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

/** A path whose events can be read from a queue, and whose failures would be in another. */
async function wire(source: string): Promise<void> {
  const Arn = await shop.queue('arrived');
  const dead = await shop.queue('dead');
  await shop.associate(source);
  await shop.rule(source, source, [{ Id: 'queue', Arn, DeadLetterConfig: { Arn: dead } }]);
}

it('what is sold before the bus exists is taken from Stripe and gone: no later bus and no queue sees it', async () => {
  const { source } = await shop.destination();
  await shop.pass(60_000);
  await shop.sell();
  await shop.pass(HOUR);
  await wire(source);
  await shop.pass(48 * HOUR);
  expect(await shop.messages('arrived')).toEqual([]);
  expect(await shop.messages('dead')).toEqual([]);
  // To Stripe all is well.
  expect((await shop.stripe.events.list({ delivery_success: false })).data).toEqual([]);
});

it('deleting the bus makes the source pending again, and events drop in silence', async () => {
  const { id, source } = await shop.destination();
  await shop.pass(60_000);
  await wire(source);
  const on = { EventBusName: source };
  await shop.events.send(new RemoveTargetsCommand({ ...on, Rule: 'paid', Ids: ['queue'] }));
  await shop.events.send(new DeleteRuleCommand({ ...on, Name: 'paid' }));
  await shop.events.send(new DeleteEventBusCommand({ Name: source }));
  const { amazon_eventbridge } = await shop.stripe.v2.core.eventDestinations.retrieve(id);
  expect(amazon_eventbridge?.aws_event_source_status).toBe('pending');
  await shop.sell();
  await shop.pass(48 * HOUR);
  expect(await shop.messages('arrived')).toEqual([]);
  expect(await shop.messages('dead')).toEqual([]);
});

it('Stripe cannot be asked to send an event to EventBridge again', async () => {
  const { id, source } = await shop.destination();
  await shop.pass(60_000);
  await shop.sell();
  await shop.pass(HOUR);
  await wire(source);
  const [event] = (await shop.stripe.events.list({ type: 'checkout.session.completed' })).data;
  const again = shop.stripe.rawRequest('POST', `/v1/events/${event?.id}/retry`, { webhook_endpoint: id });
  await expect(again).rejects.toThrow('Events cannot be resent to Amazon EventBridge');
  await shop.pass(HOUR);
  expect(await shop.messages('arrived')).toEqual([]);
});
