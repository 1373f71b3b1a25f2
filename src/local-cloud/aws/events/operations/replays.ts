import type { Call, Operation } from '../../../kernel/service.js';
import { alreadyExists, checkText, illegalStatus, limitExceeded, notFound, validation } from '../errors.js';
import { replayArn } from '../names.js';
import type { EventsTables, ReplayRecord } from '../records.js';
import type { Replays } from '../replays.js';
import { page } from './paging.js';

interface StartInput {
  ReplayName?: string;
  Description?: string;
  EventSourceArn?: string;
  /** Epoch seconds. */
  EventStartTime?: number;
  EventEndTime?: number;
  Destination?: { Arn?: string; FilterArns?: string[] };
}

interface ListInput {
  NamePrefix?: string;
  State?: string;
  EventSourceArn?: string;
  Limit?: number;
  NextToken?: string;
}

const MOST_ACTIVE = 10;
const ACTIVE = ['STARTING', 'RUNNING', 'CANCELLING'];

/** Operations on replays. */
export function replayOperations(tables: EventsTables, replays: Replays): Record<string, Operation> {
  const resource = (input: { ReplayName?: string }, call: { region: string }) =>
    replayArn(call.region, String(input.ReplayName ?? '*'));
  const get = (input: { ReplayName?: string }, region: string): ReplayRecord => {
    const name = replayName(input.ReplayName);
    const replay = tables.replays.get(replayArn(region, name));
    if (!replay) throw notFound(`Replay ${name} does not exist.`);
    return replay;
  };
  return {
    StartReplay: {
      resource: (input: StartInput, call) => [
        resource(input, call),
        String(input.EventSourceArn ?? '*'),
        String(input.Destination?.Arn ?? '*'),
      ],
      handle: (input: StartInput, call) => {
        const replay = checkedReplay(tables, input, call);
        replays.begin(replay);
        return { ReplayArn: replay.arn, State: replay.state, ReplayStartTime: new Date(replay.startedAt) };
      },
    },
    DescribeReplay: {
      resource,
      handle: (input: { ReplayName?: string }, call) => {
        const replay = get(input, call.region);
        const destination = {
          Arn: replay.busArn,
          ...(replay.filterArns.length > 0 ? { FilterArns: replay.filterArns } : {}),
        };
        return {
          ReplayArn: replay.arn,
          Description: replay.description,
          Destination: destination,
          ...summary(replay),
        };
      },
    },
    CancelReplay: {
      resource,
      handle: (input: { ReplayName?: string }, call) => {
        const replay = get(input, call.region);
        if (replay.state !== 'STARTING' && replay.state !== 'RUNNING')
          throw illegalStatus(`Replay ${replay.name} is not in a valid state for this operation.`);
        tables.replays.set(replay.arn, { ...replay, state: 'CANCELLING' });
        return { ReplayArn: replay.arn, State: 'CANCELLING' };
      },
    },
    ListReplays: {
      handle: (input: ListInput, call) => {
        const found = tables.replays
          .values()
          .filter(({ region, name }) => region === call.region && name.startsWith(input.NamePrefix ?? ''))
          .filter(({ state }) => input.State === undefined || state === input.State)
          .filter(
            ({ archiveArn }) => input.EventSourceArn === undefined || archiveArn === input.EventSourceArn,
          )
          .sort((a, b) => (a.name < b.name ? -1 : 1));
        const { items, NextToken } = page(found, ({ name }) => name, input);
        return { Replays: items.map(summary), NextToken };
      },
    },
  };
}

function checkedReplay(tables: EventsTables, input: StartInput, call: Call): ReplayRecord {
  const name = replayName(input.ReplayName);
  const archiveArn = checkText(input.EventSourceArn, 'eventSourceArn', /^arn:.+$/, 1600);
  const busArn = checkText(input.Destination?.Arn, 'destination.arn', /^arn:.+$/, 1600);
  const archive = tables.archives.get(archiveArn);
  if (!archive)
    throw validation(
      `Parameter EventSourceArn is not valid. Reason: Archive ${archiveArn.split('/').at(-1)} does not exist.`,
    );
  if (archive.sourceArn !== busArn)
    throw validation(
      'Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.',
    );
  const [from, to] = [Number(input.EventStartTime) * 1000, Number(input.EventEndTime) * 1000];
  if (!(from < to))
    throw validation(
      'Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.',
    );
  const filterArns = input.Destination?.FilterArns ?? [];
  for (const arn of filterArns)
    if (tables.rules.get(arn)?.bus !== archive.bus)
      throw validation(
        `Parameter Destination.FilterArns is not valid. Reason: Rule ${arn} does not exist on the event bus.`,
      );
  const arn = replayArn(call.region, name);
  if (tables.replays.has(arn)) throw alreadyExists(`Replay ${name} already exists.`);
  const active = tables.replays
    .values()
    .filter(({ region, state }) => region === call.region && ACTIVE.includes(state));
  if (active.length >= MOST_ACTIVE) throw limitExceeded();
  return {
    arn,
    region: call.region,
    name,
    archiveArn,
    busArn,
    bus: archive.bus,
    filterArns,
    ...(input.Description === undefined ? {} : { description: input.Description }),
    from,
    to,
    state: 'STARTING',
    startedAt: call.cloud.clock.now(),
    cursor: from,
  };
}

function replayName(given: unknown): string {
  return checkText(given, 'replayName', /^[.\-_A-Za-z0-9]+$/, 64);
}

function summary(replay: ReplayRecord): object {
  return {
    ReplayName: replay.name,
    EventSourceArn: replay.archiveArn,
    State: replay.state,
    StateReason: replay.stateReason,
    EventStartTime: new Date(replay.from),
    EventEndTime: new Date(replay.to),
    EventLastReplayedTime: replay.lastReplayedAt === undefined ? undefined : new Date(replay.lastReplayedAt),
    ReplayStartTime: new Date(replay.startedAt),
    ReplayEndTime: replay.endedAt === undefined ? undefined : new Date(replay.endedAt),
  };
}
