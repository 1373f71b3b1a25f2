import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  CreateEventBusCommand,
  DeactivateEventSourceCommand,
  DeleteEventBusCommand,
  DescribeEventSourceCommand,
  ListEventSourcesCommand,
  ListPartnerEventSourcesCommand,
} from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeDirectory } from '../../support/directories.js';
import { EVENT, FUNCTION, RULE_ARN, type Shop, SOURCE, startShop } from './shop.js';

let shop: Shop;

beforeEach(async () => {
  shop = await startShop();
});

afterEach(() => shop.close());

const DAY = 86_400_000;
const target = { Id: 'orders', Arn: FUNCTION };
const describe = () => shop.events.send(new DescribeEventSourceCommand({ Name: SOURCE }));
const listed = async () =>
  (await shop.events.send(new ListEventSourcesCommand({ NamePrefix: 'aws.partner/stripe.com' })))
    .EventSources ?? [];

test('a source appears after a delay, PENDING, and says when it expires', async () => {
  expect(shop.partner.createSource('eu-west-1', '123456789012', SOURCE)).toBe(shop.sourceArn);
  expect(shop.partner.sourceStatus(shop.sourceArn)).toBe('pending');
  expect(await listed()).toEqual([]);
  await expect(describe()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await shop.clock.advance(31_000);
  const [source] = await listed();
  expect(source).toMatchObject({
    Arn: shop.sourceArn,
    Name: SOURCE,
    State: 'PENDING',
    CreatedBy: 'stripe.com',
  });
  expect(Number(source?.ExpirationTime) - Number(source?.CreationTime)).toBe(7 * DAY);
});

test('a payment reaches the function: source, bus, rule, invocation, with the real envelope', async () => {
  await shop.source();
  await shop.bus();
  expect((await describe()).State).toBe('ACTIVE');
  await shop.rule([target]);
  shop.stripeSends();
  await shop.clock.advance(1000);
  expect(shop.invoked).toHaveLength(1);
  expect(shop.invoked[0]).toMatchObject({
    functionArn: FUNCTION,
    sourceArn: RULE_ARN,
    principal: { kind: 'service', service: 'events.amazonaws.com' },
  });
  const envelope = JSON.parse(String(shop.invoked[0]?.payload));
  expect(envelope).toEqual({
    version: '0',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    'detail-type': 'checkout.session.completed',
    source: SOURCE,
    account: '123456789012',
    time: '2026-11-23T09:30:15Z',
    region: 'eu-west-1',
    resources: [shop.sourceArn],
    detail: EVENT,
  });
  const both = { EventBusName: SOURCE, RuleName: 'paid' };
  for (const metric of ['MatchedEvents', 'TriggeredRules', 'Invocations'])
    expect(shop.sum(metric, both)).toBe(1);
  expect(shop.sum('Invocations', { RuleName: 'paid' })).toBe(0);
  expect(shop.sum('Events', { EventSourceName: SOURCE })).toBe(1);
  expect(shop.told).toContain(`evt_1 checkout.session.completed matched rule paid on ${SOURCE}`);
});

test('while the source is PENDING its events are taken and gone, also after the bus was deleted', async () => {
  await shop.source();
  shop.stripeSends();
  await shop.bus();
  await shop.rule([target]);
  await shop.clock.advance(10_000);
  expect(shop.invoked).toEqual([]);
  expect(shop.sum('Events', { EventSourceName: SOURCE })).toBe(1);
});

test('a rule on the default bus sees no partner event, and neither does a wrong source', async () => {
  await shop.source();
  await shop.bus();
  await shop.rule([target], 'default');
  await shop.rule([target], SOURCE, JSON.stringify({ source: ['stripe.com'] }), 'wrong-source');
  shop.stripeSends();
  await shop.clock.advance(10_000);
  expect(shop.invoked).toEqual([]);
});

test('deleting the bus needs its rules gone, and makes the source PENDING with a new date', async () => {
  await shop.source();
  await shop.bus();
  const changes: string[] = [];
  shop.partner.onChange((arn) => changes.push(arn));
  await shop.clock.advance(20 * DAY);
  expect(shop.partner.sourceStatus(shop.sourceArn)).toBe('active');
  await shop.events.send(new DeleteEventBusCommand({ Name: SOURCE }));
  expect(changes).toEqual([shop.sourceArn]);
  expect((await describe()).State).toBe('PENDING');
  await shop.clock.advance(7 * DAY);
  expect(shop.partner.sourceStatus(shop.sourceArn)).toBe('gone');
});

test('a bus with rules is not deleted', async () => {
  await shop.source();
  await shop.bus();
  await shop.rule([target]);
  await expect(shop.events.send(new DeleteEventBusCommand({ Name: SOURCE }))).rejects.toThrow(
    "can't be deleted since it has rules: paid",
  );
});

test('a source that nobody takes expires after seven days, and the partner hears it', async () => {
  await shop.source();
  const changes: string[] = [];
  shop.partner.onChange((arn) => changes.push(arn));
  await shop.clock.advance(7 * DAY);
  expect(changes).toEqual([shop.sourceArn]);
  expect(shop.partner.sourceStatus(shop.sourceArn)).toBe('gone');
  expect(await listed()).toEqual([]);
  await expect(shop.bus()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a deactivated source is PENDING and delivers nothing', async () => {
  await shop.source();
  await shop.bus();
  await shop.rule([target]);
  await shop.events.send(new DeactivateEventSourceCommand({ Name: SOURCE }));
  expect((await describe()).State).toBe('PENDING');
  shop.stripeSends();
  await shop.clock.advance(10_000);
  expect(shop.invoked).toEqual([]);
});

test('deleted by the partner: an ACTIVE source reads DELETED, a PENDING one is gone', async () => {
  await shop.source();
  await shop.bus();
  shop.partner.deleteSource(shop.sourceArn);
  expect((await describe()).State).toBe('DELETED');
  expect(shop.partner.sourceStatus(shop.sourceArn)).toBe('deleted');
  await shop.events.send(new DeleteEventBusCommand({ Name: SOURCE }));
  expect(shop.partner.sourceStatus(shop.sourceArn)).toBe('gone');
});

test.each([
  [{ Name: SOURCE }, "EventBus name starting with 'aws.' is not valid."],
  [{ Name: 'stripe', EventSourceName: SOURCE }, "must be its event source's"],
  [{ Name: 'with/slash' }, "must not contain '/'"],
  [
    { Name: 'aws.partner/stripe.com/ed_none', EventSourceName: 'aws.partner/stripe.com/ed_none' },
    'Event source aws.partner/stripe.com/ed_none does not exist.',
  ],
  [{ Name: 'default' }, 'Event bus default already exists.'],
])('CreateEventBus refuses %o', async (input, message) => {
  await shop.source();
  await expect(shop.events.send(new CreateEventBusCommand(input))).rejects.toThrow(message);
  expect((await describe()).State).toBe('PENDING');
});

test('the calls of partners are refused to a customer', async () => {
  await expect(
    shop.events.send(new ListPartnerEventSourcesCommand({ NamePrefix: 'aws.partner/stripe.com' })),
  ).rejects.toMatchObject({ name: 'OperationDisabledException' });
});

test('a source that had not appeared and a delivery under way survive a restart', async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'local-cloud-'));
  const before = await startShop(directory);
  before.partner.createSource('eu-west-1', '123456789012', SOURCE);
  await before.close();
  const between = await startShop(directory);
  await between.clock.advance(31_000);
  await between.bus();
  await between.rule([target]);
  between.stripeSends();
  await between.close();
  expect(between.invoked).toEqual([]);
  // The clock that was advanced starts anew, so that what is due lies up to the advanced time ahead.
  const after = await startShop(directory);
  await after.clock.advance(60_000);
  expect(after.invoked.map(({ payload }) => JSON.parse(payload).detail.id)).toEqual(['evt_1']);
  await after.close();
  await removeDirectory(directory);
});
