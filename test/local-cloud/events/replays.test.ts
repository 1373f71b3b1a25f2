import {
  CancelReplayCommand,
  CreateArchiveCommand,
  DeleteArchiveCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  ListArchivesCommand,
  ListReplaysCommand,
  ListRulesCommand,
  StartReplayCommand,
  UpdateArchiveCommand,
} from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ACCOUNT, EVENT, FUNCTION, PATTERN, RULE_ARN, type Shop, SOURCE, startShop } from './shop.js';

let shop: Shop;

const BUS_ARN = `arn:aws:events:eu-west-1:${ACCOUNT}:event-bus/${SOURCE}`;
const ARCHIVE_ARN = `arn:aws:events:eu-west-1:${ACCOUNT}:archive/payments`;
const DAY = 86_400_000;

beforeEach(async () => {
  shop = await startShop();
  await shop.source();
  await shop.bus();
  await shop.rule([{ Id: 'orders', Arn: FUNCTION }]);
});

afterEach(() => shop.close());

const archive = (more: object = {}) =>
  shop.events.send(new CreateArchiveCommand({ ArchiveName: 'payments', EventSourceArn: BUS_ARN, ...more }));
const describe = () => shop.events.send(new DescribeArchiveCommand({ ArchiveName: 'payments' }));
const state = async () => (await shop.events.send(new DescribeReplayCommand({ ReplayName: 'again' }))).State;
const delivered = () =>
  shop.invoked.map(
    ({ payload }) => JSON.parse(payload) as { detail: { id: string }; 'replay-name'?: string },
  );
const replay = (more: object = {}) =>
  shop.events.send(
    new StartReplayCommand({
      ReplayName: 'again',
      EventSourceArn: ARCHIVE_ARN,
      EventStartTime: new Date(shop.clock.now() - DAY),
      EventEndTime: new Date(shop.clock.now() + 1000),
      Destination: { Arn: BUS_ARN, FilterArns: [RULE_ARN] },
      ...more,
    }),
  );

test('an archive keeps what matches its pattern, and no longer than its retention', async () => {
  await archive({ EventPattern: PATTERN, RetentionDays: 1 });
  shop.stripeSends();
  shop.stripeSends({ ...EVENT, id: 'evt_other' }, 'charge.refunded');
  expect(await describe()).toMatchObject({
    ArchiveArn: ARCHIVE_ARN,
    State: 'ENABLED',
    EventCount: 1,
    RetentionDays: 1,
    EventPattern: PATTERN,
  });
  await shop.clock.advance(DAY - 60_000);
  expect((await describe()).EventCount).toBe(1);
  await shop.clock.advance(120_000);
  expect(await describe()).toMatchObject({ EventCount: 0, SizeBytes: 0 });
  await shop.events.send(
    new UpdateArchiveCommand({ ArchiveName: 'payments', RetentionDays: 0, Description: 'for ever' }),
  );
  expect(await describe()).toMatchObject({ RetentionDays: 0, Description: 'for ever' });
});

test('an archive keeps a managed rule on its bus, which is in the way until the archive goes', async () => {
  await archive();
  const { Rules } = await shop.events.send(
    new ListRulesCommand({ EventBusName: SOURCE, NamePrefix: 'Events-Archive' }),
  );
  expect(Rules).toMatchObject([
    { Name: 'Events-Archive-payments', ManagedBy: 'prod.vhs.events.aws.internal' },
  ]);
  const named = { Name: 'Events-Archive-payments', EventBusName: SOURCE };
  await expect(shop.events.send(new DeleteRuleCommand(named))).rejects.toMatchObject({
    name: 'ManagedRuleException',
  });
  await expect(shop.events.send(new DeleteEventBusCommand({ Name: SOURCE }))).rejects.toThrow(
    'Events-Archive-payments',
  );
  await shop.events.send(new DeleteArchiveCommand({ ArchiveName: 'payments' }));
  const after = await shop.events.send(new ListRulesCommand({ EventBusName: SOURCE }));
  expect(after.Rules?.map(({ Name }) => Name)).toEqual(['paid']);
  expect((await shop.events.send(new ListArchivesCommand({ EventSourceArn: BUS_ARN }))).Archives).toEqual([]);
});

test('a replay delivers the archived events again, marked, to the rules it names, and is not archived itself', async () => {
  await archive();
  await shop.rule([{ Id: 'orders', Arn: FUNCTION }], SOURCE, PATTERN, 'other');
  for (const id of ['evt_1', 'evt_2', 'evt_3']) {
    shop.stripeSends({ ...EVENT, id });
    await shop.clock.advance(61_000);
  }
  expect(delivered()).toHaveLength(6);
  shop.invoked.length = 0;
  expect(await replay()).toMatchObject({
    State: 'STARTING',
    ReplayArn: `arn:aws:events:eu-west-1:${ACCOUNT}:replay/again`,
  });
  await shop.clock.advance(1500);
  expect(await state()).toBe('RUNNING');
  await shop.clock.advance(10_000);
  expect(await state()).toBe('COMPLETED');
  expect(
    delivered()
      .map(({ detail }) => detail.id)
      .sort(),
  ).toEqual(['evt_1', 'evt_2', 'evt_3']);
  expect(delivered().every((event) => event['replay-name'] === 'again')).toBe(true);
  expect(new Set(shop.invoked.map(({ sourceArn }) => sourceArn))).toEqual(new Set([RULE_ARN]));
  expect((await describe()).EventCount).toBe(3);
  const { Replays } = await shop.events.send(new ListReplaysCommand({ State: 'COMPLETED' }));
  expect(Replays).toMatchObject([
    { ReplayName: 'again', EventLastReplayedTime: expect.any(Date), ReplayEndTime: expect.any(Date) },
  ]);
});

test('a cancelled replay stops where it is', async () => {
  await archive();
  for (let n = 0; n < 5; n++) {
    shop.stripeSends({ ...EVENT, id: `evt_${n}` });
    await shop.clock.advance(61_000);
  }
  shop.invoked.length = 0;
  await replay();
  await shop.clock.advance(2500);
  expect((await shop.events.send(new CancelReplayCommand({ ReplayName: 'again' }))).State).toBe('CANCELLING');
  await shop.clock.advance(60_000);
  expect(await state()).toBe('CANCELLED');
  expect(delivered()).toHaveLength(1);
  await expect(shop.events.send(new CancelReplayCommand({ ReplayName: 'again' }))).rejects.toMatchObject({
    name: 'IllegalStatusException',
  });
});

test.each<[object, string]>([
  [
    { EventSourceArn: `arn:aws:events:eu-west-1:${ACCOUNT}:archive/none` },
    'Parameter EventSourceArn is not valid. Reason: Archive none does not exist.',
  ],
  [
    { Destination: { Arn: `arn:aws:events:eu-west-1:${ACCOUNT}:event-bus/default` } },
    'Cross event bus replay is not permitted.',
  ],
  [{ EventEndTime: new Date(0) }, 'EventStartTime must be before EventEndTime.'],
  [
    { Destination: { Arn: BUS_ARN, FilterArns: ['arn:aws:events:eu-west-1:1:rule/none'] } },
    'does not exist on the event bus',
  ],
])('StartReplay refuses %o', async (wrong, message) => {
  await archive();
  await expect(replay(wrong)).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining(message),
  });
});

test('names are taken once, and ten replays run at most', async () => {
  await archive();
  await expect(archive()).rejects.toThrow('Archive payments already exists.');
  await replay();
  await expect(replay()).rejects.toThrow('Replay again already exists.');
  for (let n = 2; n <= 10; n++) await replay({ ReplayName: `again-${n}` });
  await expect(replay({ ReplayName: 'again-11' })).rejects.toMatchObject({ name: 'LimitExceededException' });
});
