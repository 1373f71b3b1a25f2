import { ACCOUNT, type LocalCloud } from '../../kernel/cloud.js';
import type { Table } from '../../kernel/store.js';
import { alreadyExists, groupNotFound, invalidParameter, streamNotFound } from './errors.js';
import type { LogEvent, LogGroup, LogStream, MetricFilter } from './records.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Kept per group whatever its retention, so that a chatty function cannot fill the disk. */
const EVENTS_PER_GROUP = 10_000;

/** Log groups, streams and events of every region. */
export class LogsState {
  readonly groups: Table<LogGroup>;
  readonly streams: Table<LogStream>;
  readonly filters: Table<MetricFilter>;
  private readonly events: Table<LogEvent>;
  /** Event keys by group, oldest first: reading one group must not walk them all. */
  private readonly keysByGroup = new Map<string, string[]>();

  constructor(readonly cloud: LocalCloud) {
    this.groups = cloud.store.table('logs.groups');
    this.streams = cloud.store.table('logs.streams');
    this.filters = cloud.store.table('logs.metricFilters');
    this.events = cloud.store.table('logs.events', { onDisk: true });
    for (const [key, event] of this.events.entries()) this.keysOf(event.groupKey).push(key);
  }

  group(region: string, name: string): LogGroup {
    const group = this.groups.get(`${region}/${name}`);
    if (!group) throw groupNotFound();
    return group;
  }

  /** Calls name a group by its name or by its ARN. */
  groupOf(region: string, input: { logGroupName?: string; logGroupIdentifier?: string }): LogGroup {
    const given = input.logGroupName ?? input.logGroupIdentifier;
    if (given === undefined)
      throw invalidParameter('Either logGroupName or logGroupIdentifier must be specified.');
    return this.group(
      region,
      given.startsWith('arn:') ? given.split(':').slice(6).join(':').replace(/:\*$/, '') : given,
    );
  }

  createGroup(region: string, name: string, fields: Partial<LogGroup> = {}): LogGroup {
    if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name))
      throw invalidParameter(
        `1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
      );
    if (this.groups.has(`${region}/${name}`)) throw alreadyExists('group');
    return this.groups.set(`${region}/${name}`, {
      name,
      region,
      arn: `arn:aws:logs:${region}:${ACCOUNT}:log-group:${name}`,
      created: this.cloud.clock.now(),
      tags: {},
      class: 'STANDARD',
      ...fields,
    });
  }

  deleteGroup(group: LogGroup): void {
    for (const stream of this.streamsOf(group)) this.deleteStream(stream);
    for (const [key, filter] of this.filters.entries())
      if (filter.region === group.region && filter.group === group.name) this.filters.delete(key);
    this.groups.delete(`${group.region}/${group.name}`);
    this.keysByGroup.delete(`${group.region}/${group.name}`);
  }

  streamsOf(group: LogGroup): LogStream[] {
    return this.streams
      .values()
      .filter((stream) => stream.region === group.region && stream.group === group.name);
  }

  stream(group: LogGroup, name: string): LogStream {
    const stream = this.streams.get(`${group.region}/${group.name}:${name}`);
    if (!stream) throw streamNotFound();
    return stream;
  }

  createStream(group: LogGroup, name: string): LogStream {
    if (!/^[^:*]{1,512}$/.test(name))
      throw invalidParameter(
        `1 validation error detected: Value '${name}' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*`,
      );
    const key = `${group.region}/${group.name}:${name}`;
    if (this.streams.has(key)) throw alreadyExists('stream');
    return this.streams.set(key, {
      region: group.region,
      group: group.name,
      name,
      created: this.cloud.clock.now(),
      next: 0,
    });
  }

  deleteStream(stream: LogStream): void {
    const groupKey = `${stream.region}/${stream.group}`;
    const kept: string[] = [];
    for (const key of this.keysOf(groupKey)) {
      if (this.events.get(key)?.stream === stream.name) this.events.delete(key);
      else kept.push(key);
    }
    this.keysByGroup.set(groupKey, kept);
    this.streams.delete(`${groupKey}:${stream.name}`);
  }

  append(group: LogGroup, stream: LogStream, messages: { timestamp: number; message: string }[]): void {
    const groupKey = `${group.region}/${group.name}`;
    const ingested = this.cloud.clock.now();
    let { next } = stream;
    for (const { timestamp, message } of messages) {
      const number = next++;
      const id = `${String(timestamp).padStart(16, '0')}${String(number).padStart(20, '0')}${ingested % 1e6}`;
      const key = `${groupKey}:${stream.name}#${number}`;
      this.events.set(key, {
        stream: stream.name,
        groupKey,
        id,
        timestamp,
        ingested,
        message: this.cloud.store.seal(message),
      });
      this.keysOf(groupKey).push(key);
    }
    const times = messages.map(({ timestamp }) => timestamp);
    this.streams.set(`${groupKey}:${stream.name}`, {
      ...stream,
      next,
      firstEvent: Math.min(stream.firstEvent ?? Number.POSITIVE_INFINITY, ...times),
      lastEvent: Math.max(stream.lastEvent ?? 0, ...times),
      lastIngestion: ingested,
    });
    this.trim(group);
  }

  /** Events of a group in the order of their time, without those whose retention is over. */
  eventsOf(group: LogGroup): (Omit<LogEvent, 'message'> & { message(): string })[] {
    const oldest =
      group.retentionInDays === undefined ? 0 : this.cloud.clock.now() - group.retentionInDays * DAY_MS;
    return this.keysOf(`${group.region}/${group.name}`)
      .map((key) => this.events.get(key))
      .filter((event): event is LogEvent => event !== undefined && event.timestamp >= oldest)
      .sort((one, other) => one.timestamp - other.timestamp)
      .map((event) => ({ ...event, message: () => this.cloud.store.unseal(event.message) }));
  }

  private trim(group: LogGroup): void {
    const keys = this.keysOf(`${group.region}/${group.name}`);
    if (keys.length <= EVENTS_PER_GROUP) return;
    for (const key of keys.splice(0, keys.length - EVENTS_PER_GROUP)) this.events.delete(key);
  }

  private keysOf(groupKey: string): string[] {
    let keys = this.keysByGroup.get(groupKey);
    if (!keys) {
      keys = [];
      this.keysByGroup.set(groupKey, keys);
    }
    return keys;
  }
}
