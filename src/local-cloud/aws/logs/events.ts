import type { Call, Operation } from '../../kernel/service.js';
import { invalidParameter } from './errors.js';
import { filterPattern } from './filter-pattern.js';
import { countMatches } from './metric-filters.js';
import { page } from './page.js';
import type { LogGroup } from './records.js';
import type { LogsState } from './state.js';

interface EventsInput {
  logGroupName?: string;
  logGroupIdentifier?: string;
  logStreamName: string;
  logStreamNames?: string[];
  logStreamNamePrefix?: string;
  startTime?: number;
  endTime?: number;
  filterPattern?: string;
  nextToken?: string;
  limit?: number;
  startFromHead?: boolean;
  orderBy?: string;
  descending?: boolean;
  logEvents?: { timestamp: number; message: string }[];
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Streams and what is in them. */
export function eventOperations(state: LogsState): Record<string, Operation> {
  return {
    CreateLogStream: {
      handle: (input: EventsInput, call) => {
        state.createStream(state.groupOf(call.region, input), input.logStreamName);
        return {};
      },
    },
    DeleteLogStream: {
      handle: (input: EventsInput, call) => {
        state.deleteStream(state.stream(state.groupOf(call.region, input), input.logStreamName));
        return {};
      },
    },
    DescribeLogStreams: { handle: (input: EventsInput, call) => describeStreams(state, input, call) },
    PutLogEvents: { handle: (input: EventsInput, call) => putEvents(state, input, call) },
    GetLogEvents: { handle: (input: EventsInput, call) => getEvents(state, input, call) },
    FilterLogEvents: { handle: (input: EventsInput, call) => filterEvents(state, input, call) },
  };
}

function describeStreams(state: LogsState, input: EventsInput, call: Call): object {
  const group = state.groupOf(call.region, input);
  if (input.orderBy === 'LastEventTime' && input.logStreamNamePrefix !== undefined)
    throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
  const byTime = input.orderBy === 'LastEventTime';
  const streams = state
    .streamsOf(group)
    .filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ''))
    .sort((one, other) =>
      byTime ? (one.lastEvent ?? 0) - (other.lastEvent ?? 0) : one.name < other.name ? -1 : 1,
    );
  if (input.descending) streams.reverse();
  const { items, next } = page(streams, input.nextToken, input.limit ?? 50);
  return {
    logStreams: items.map((stream) => ({
      logStreamName: stream.name,
      creationTime: stream.created,
      firstEventTimestamp: stream.firstEvent,
      lastEventTimestamp: stream.lastEvent,
      lastIngestionTime: stream.lastIngestion,
      uploadSequenceToken: String(stream.next),
      arn: `${group.arn}:log-stream:${stream.name}`,
      storedBytes: 0,
    })),
    nextToken: next,
  };
}

function putEvents(state: LogsState, input: EventsInput, call: Call): object {
  const group = state.groupOf(call.region, input);
  const stream = state.stream(group, input.logStreamName);
  const events = input.logEvents ?? [];
  if (events.length === 0 || events.length > 10_000)
    throw invalidParameter(
      "1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length between 1 and 10000",
    );
  if (events.some(({ timestamp }, index) => index > 0 && timestamp < (events[index - 1]?.timestamp ?? 0)))
    throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
  const now = state.cloud.clock.now();
  const tooOld = events.filter(({ timestamp }) => timestamp < now - 14 * DAY_MS).length;
  const tooNew = events.findIndex(({ timestamp }) => timestamp > now + 2 * 60 * 60 * 1000);
  const accepted = events.slice(tooOld, tooNew < 0 ? undefined : tooNew);
  if (accepted.length > 0) state.append(group, stream, accepted);
  countMatches(state, group, accepted);
  const rejected = {
    ...(tooNew < 0 ? {} : { tooNewLogEventStartIndex: tooNew }),
    ...(tooOld === 0 ? {} : { tooOldLogEventEndIndex: tooOld }),
  };
  return {
    nextSequenceToken: String(stream.next),
    ...(Object.keys(rejected).length > 0 ? { rejectedLogEventsInfo: rejected } : {}),
  };
}

/** Without a token the newest page, unless `startFromHead`; tokens go both ways, and the last one repeats itself. */
function getEvents(state: LogsState, input: EventsInput, call: Call): object {
  const group = state.groupOf(call.region, input);
  state.stream(group, input.logStreamName);
  const events = inRange(state, group, input).filter(({ stream }) => stream === input.logStreamName);
  const limit = input.limit ?? 10_000;
  const token = input.nextToken === undefined ? undefined : /^([fb])\/(\d+)$/.exec(input.nextToken);
  if (token === null) throw invalidParameter('The specified nextToken is invalid.');
  const mark = Number(token?.[2] ?? 0);
  const start = token
    ? token[1] === 'f'
      ? mark
      : Math.max(0, mark - limit)
    : input.startFromHead
      ? 0
      : Math.max(0, events.length - limit);
  const end = token?.[1] === 'b' ? mark : Math.min(events.length, start + limit);
  return {
    events: events.slice(start, end).map((event) => ({
      timestamp: event.timestamp,
      message: event.message(),
      ingestionTime: event.ingested,
    })),
    nextForwardToken: `f/${end}`,
    nextBackwardToken: `b/${start}`,
  };
}

function filterEvents(state: LogsState, input: EventsInput, call: Call): object {
  const group = state.groupOf(call.region, input);
  const { logStreamNames: names, logStreamNamePrefix: prefix } = input;
  if (names !== undefined && prefix !== undefined)
    throw invalidParameter('logStreamNames and logStreamNamePrefix cannot both be specified.');
  for (const name of names ?? []) state.stream(group, name);
  const matches = filterPattern(input.filterPattern ?? '');
  const found = inRange(state, group, input)
    .filter(({ stream }) => (names?.includes(stream) ?? true) && stream.startsWith(prefix ?? ''))
    .map((event) => ({ ...event, message: event.message() }))
    .filter(({ message }) => matches(message));
  const { items, next } = page(found, input.nextToken, Math.min(input.limit ?? 10_000, 10_000));
  return {
    events: items.map(({ stream, timestamp, message, ingested, id }) => ({
      logStreamName: stream,
      timestamp,
      message,
      ingestionTime: ingested,
      eventId: id,
    })),
    searchedLogStreams: [],
    nextToken: next,
  };
}

function inRange(
  state: LogsState,
  group: LogGroup,
  { startTime = 0, endTime = Number.POSITIVE_INFINITY }: EventsInput,
) {
  return state.eventsOf(group).filter(({ timestamp }) => timestamp >= startTime && timestamp < endTime);
}
