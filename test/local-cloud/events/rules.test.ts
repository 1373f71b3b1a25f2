import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutPermissionCommand,
  PutRuleCommand,
  RemovePermissionCommand,
  RemoveTargetsCommand,
  TagResourceCommand,
  TestEventPatternCommand,
  UntagResourceCommand,
  UpdateEventBusCommand,
} from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FUNCTION, PATTERN, RULE_ARN, type Shop, SOURCE, startShop } from './shop.js';

let shop: Shop;

beforeEach(async () => {
  shop = await startShop();
  await shop.source();
  await shop.bus();
});

afterEach(() => shop.close());

const of = { Rule: 'paid', EventBusName: SOURCE };
const named = { Name: 'paid', EventBusName: SOURCE };
const target = {
  Id: 'orders',
  Arn: FUNCTION,
  RetryPolicy: { MaximumRetryAttempts: 5, MaximumEventAgeInSeconds: 600 },
};
const describe = () => shop.events.send(new DescribeRuleCommand(named));

test('PutRule replaces what is left out, keeps targets, and tags only on creation', async () => {
  const put = (more: object) =>
    shop.events.send(new PutRuleCommand({ ...named, EventPattern: PATTERN, ...more }));
  expect((await put({ Description: 'payments', Tags: [{ Key: 'stage', Value: 'test' }] })).RuleArn).toBe(
    RULE_ARN,
  );
  await shop.rule([target]);
  await put({ State: 'DISABLED', Tags: [{ Key: 'late', Value: 'x' }] });
  const rule = await describe();
  expect(rule).toMatchObject({
    Name: 'paid',
    Arn: RULE_ARN,
    State: 'DISABLED',
    EventPattern: PATTERN,
    EventBusName: SOURCE,
  });
  expect(rule.Description).toBeUndefined();
  expect((await shop.events.send(new ListTargetsByRuleCommand(of))).Targets).toEqual([target]);
  expect((await shop.events.send(new ListTagsForResourceCommand({ ResourceARN: RULE_ARN }))).Tags).toEqual([
    { Key: 'stage', Value: 'test' },
  ]);
});

test('a disabled rule matches nothing until it is enabled', async () => {
  await shop.rule([target]);
  await shop.events.send(new DisableRuleCommand(named));
  shop.stripeSends();
  await shop.clock.advance(1000);
  expect(shop.invoked).toEqual([]);
  await shop.events.send(new EnableRuleCommand(named));
  shop.stripeSends();
  await shop.clock.advance(1000);
  expect(shop.invoked).toHaveLength(1);
});

test('a rule is deleted after its targets; deleting one that is not there succeeds', async () => {
  await shop.rule([target]);
  await expect(shop.events.send(new DeleteRuleCommand(named))).rejects.toThrow(
    "Rule can't be deleted since it has targets.",
  );
  await shop.events.send(new RemoveTargetsCommand({ ...of, Ids: ['orders'] }));
  await shop.events.send(new DeleteRuleCommand(named));
  await shop.events.send(new DeleteRuleCommand(named));
  await expect(describe()).rejects.toThrow(`Rule paid does not exist on EventBus ${SOURCE}.`);
});

test.each<[object, string, string]>([
  [
    { EventPattern: '{"source":"x"}' },
    'InvalidEventPatternException',
    '"source" must be an object or an array',
  ],
  [
    { EventPattern: JSON.stringify({ source: ['x'.repeat(3000)] }) },
    'LimitExceededException',
    'the quota is 2048',
  ],
  [
    { EventPattern: JSON.stringify({ source: ['x'.repeat(5000)] }) },
    'ValidationException',
    'less than or equal to 4096',
  ],
  [{}, 'ValidationException', 'EventPattern or ScheduleExpression must be specified'],
  [
    { ScheduleExpression: 'rate(1 minute)' },
    'ValidationException',
    'does not support rules with a ScheduleExpression',
  ],
  [
    { EventPattern: PATTERN, State: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' },
    'ValidationException',
    'cannot be used on a partner event bus',
  ],
  [
    { EventPattern: PATTERN, EventBusName: 'nowhere' },
    'ResourceNotFoundException',
    'Event bus nowhere does not exist.',
  ],
  [
    { EventPattern: PATTERN, Name: 'white space' },
    'ValidationException',
    "'name' failed to satisfy constraint",
  ],
])('PutRule refuses %o', async (wrong, name, message) => {
  const put = shop.events.send(new PutRuleCommand({ ...named, ...wrong }));
  await expect(put).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
});

test('at most five targets, found again by rule and by target', async () => {
  const targets = [1, 2, 3, 4, 5].map((n) => ({ Id: `t${n}`, Arn: FUNCTION }));
  await shop.rule(targets);
  await expect(shop.rule([{ Id: 't6', Arn: FUNCTION }])).rejects.toMatchObject({
    name: 'LimitExceededException',
  });
  const first = await shop.events.send(new ListTargetsByRuleCommand({ ...of, Limit: 3 }));
  const second = await shop.events.send(
    new ListTargetsByRuleCommand({ ...of, Limit: 3, NextToken: first.NextToken }),
  );
  expect([...(first.Targets ?? []), ...(second.Targets ?? [])].map(({ Id }) => Id)).toEqual([
    't1',
    't2',
    't3',
    't4',
    't5',
  ]);
  const byTarget = await shop.events.send(
    new ListRuleNamesByTargetCommand({ TargetArn: FUNCTION, EventBusName: SOURCE }),
  );
  expect(byTarget.RuleNames).toEqual(['paid']);
});

test('rules and buses are listed by prefix', async () => {
  await shop.rule([target]);
  await shop.rule([target], SOURCE, PATTERN, 'refunded');
  const { Rules } = await shop.events.send(new ListRulesCommand({ EventBusName: SOURCE, NamePrefix: 'ref' }));
  expect(Rules?.map(({ Name }) => Name)).toEqual(['refunded']);
  await shop.events.send(new CreateEventBusCommand({ Name: 'own', Description: 'mine' }));
  const names = async (NamePrefix?: string) =>
    (await shop.events.send(new ListEventBusesCommand({ NamePrefix }))).EventBuses?.map(({ Name }) => Name);
  expect(await names()).toEqual([SOURCE, 'default', 'own']);
  expect(await names('aws.partner')).toEqual([SOURCE]);
  await expect(shop.events.send(new CreateEventBusCommand({ Name: 'own' }))).rejects.toThrow(
    'Event bus own already exists.',
  );
  await expect(shop.events.send(new DeleteEventBusCommand({ Name: 'default' }))).rejects.toThrow(
    'Cannot delete event bus default.',
  );
});

test('a bus is described with what it was given, and updated', async () => {
  const made = await shop.events.send(
    new CreateEventBusCommand({ Name: 'own', Description: 'mine', Tags: [{ Key: 'a', Value: '1' }] }),
  );
  await shop.events.send(new UpdateEventBusCommand({ Name: 'own', LogConfig: { Level: 'ERROR' } }));
  const bus = await shop.events.send(new DescribeEventBusCommand({ Name: made.EventBusArn }));
  expect(bus).toMatchObject({ Name: 'own', Arn: made.EventBusArn, LogConfig: { Level: 'ERROR' } });
  expect(bus.Description).toBeUndefined();
  const ResourceARN = made.EventBusArn;
  await shop.events.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'b', Value: '2' }] }));
  await shop.events.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['a'] }));
  expect((await shop.events.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags).toEqual([
    { Key: 'b', Value: '2' },
  ]);
});

test('permissions of a bus are statements by id', async () => {
  await shop.events.send(
    new PutPermissionCommand({ Action: 'events:PutEvents', Principal: '111122223333', StatementId: 'other' }),
  );
  const { Policy } = await shop.events.send(new DescribeEventBusCommand({}));
  expect(JSON.parse(String(Policy)).Statement).toMatchObject([
    { Sid: 'other', Principal: { AWS: 'arn:aws:iam::111122223333:root' } },
  ]);
  await expect(shop.events.send(new RemovePermissionCommand({ StatementId: 'none' }))).rejects.toThrow(
    'Statement with the provided id does not exist.',
  );
  await shop.events.send(new RemovePermissionCommand({ StatementId: 'other' }));
  expect((await shop.events.send(new DescribeEventBusCommand({}))).Policy).toBeUndefined();
});

test('TestEventPattern answers without touching anything', async () => {
  const event = {
    id: '1',
    account: '1',
    source: SOURCE,
    time: '2026-01-01T00:00:00Z',
    region: 'eu-west-1',
    'detail-type': 'checkout.session.completed',
  };
  const check = async (EventPattern: string, Event: string) =>
    (await shop.events.send(new TestEventPatternCommand({ EventPattern, Event }))).Result;
  // The documentation asks for resources, the service does not.
  expect(await check(PATTERN, JSON.stringify(event))).toBe(true);
  expect(await check(PATTERN, JSON.stringify({ ...event, resources: [] }))).toBe(true);
  expect(await check('{"source":["stripe.com"]}', JSON.stringify(event))).toBe(false);
  for (const wrong of ['text', '[]', '{"id":"1"}'])
    await expect(check(PATTERN, wrong)).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Parameter Event is not valid.',
    });
  expect(shop.data.filter(({ name }) => name === 'MatchedEvents')).toEqual([]);
});
