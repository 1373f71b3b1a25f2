import type { Call, Operation } from '../../../kernel/service.js';
import type { Buses } from '../buses.js';
import {
  alreadyExists,
  busNotFound,
  checkText,
  invalidState,
  limitExceeded,
  notFound,
  validation,
} from '../errors.js';
import { busArn, busName, DEFAULT_BUS, looseBusName } from '../names.js';
import type { PartnerSources } from '../partner-sources.js';
import type { BusRecord } from '../records.js';
import { page } from './paging.js';

const MOST_BUSES = 100;

interface CreateInput {
  Name?: string;
  EventSourceName?: string;
  Description?: string;
  KmsKeyIdentifier?: string;
  DeadLetterConfig?: { Arn?: string };
  LogConfig?: { IncludeDetail?: string; Level?: string };
  Tags?: { Key: string; Value: string }[];
}

/** Operations on event buses. A bus whose name is a partner source's is what makes that source ACTIVE. */
export function busOperations(buses: Buses, sources: PartnerSources): Record<string, Operation> {
  const resource = (input: { Name?: string }, call: Call) => busArn(call.region, looseBusName(input.Name));
  return {
    CreateEventBus: {
      resource,
      handle: (input: CreateInput, call) => {
        const bus = createBus(buses, sources, input, call);
        sources.busChanged(call.region, bus.name);
        return { EventBusArn: bus.arn, ...settings(bus) };
      },
    },
    DescribeEventBus: {
      resource,
      handle: (input: { Name?: string }, call) =>
        present(buses.get(call.region, busName(input.Name, 'name')), true),
    },
    UpdateEventBus: {
      resource,
      handle: (input: CreateInput, call) => {
        const bus = buses.get(call.region, busName(input.Name, 'name'));
        const { description: _1, kmsKeyIdentifier: _2, deadLetterConfig: _3, logConfig: _4, ...rest } = bus;
        const next = buses.update(rest, given(input));
        return { Arn: next.arn, Name: next.name, ...settings(next) };
      },
    },
    DeleteEventBus: {
      resource,
      handle: (input: { Name?: string }, call) => {
        const name = checkText(input.Name, 'name', /^[/.\-_A-Za-z0-9]+$/, 256);
        if (name === DEFAULT_BUS) throw validation('Cannot delete event bus default.');
        const bus = buses.find(call.region, name);
        if (!bus) throw busNotFound(name);
        const rules = buses.rules(call.region, name);
        if (rules.length > 0)
          throw validation(
            `Event bus ${name} can't be deleted since it has rules: ${rules.map((rule) => rule.name).join(', ')}.`,
          );
        buses.tables.buses.delete(bus.arn);
        sources.busChanged(call.region, name);
        return {};
      },
    },
    ListEventBuses: {
      handle: (input: { NamePrefix?: string; Limit?: number; NextToken?: string }, call) => {
        const found = buses.all(call.region).filter(({ name }) => name.startsWith(input.NamePrefix ?? ''));
        const { items, NextToken } = page(found, ({ name }) => name, input);
        return { EventBuses: items.map((bus) => present(bus, false)), NextToken };
      },
    },
  };
}

function createBus(buses: Buses, sources: PartnerSources, input: CreateInput, call: Call): BusRecord {
  const name = checkText(input.Name, 'name', /^[/.\-_A-Za-z0-9]+$/, 256);
  checkPartnerName(sources, name, input.EventSourceName, call.region);
  if (buses.find(call.region, name)) throw alreadyExists(`Event bus ${name} already exists.`);
  if (buses.all(call.region).length > MOST_BUSES) throw limitExceeded();
  if ((input.Description ?? '').length > 512)
    throw validation('Parameter Description is not valid. Reason: It has more than 512 characters.');
  const now = call.cloud.clock.now();
  const arn = busArn(call.region, name);
  return buses.tables.buses.set(arn, {
    arn,
    region: call.region,
    name,
    ...(input.EventSourceName === undefined ? {} : { eventSourceName: input.EventSourceName }),
    ...given(input),
    tags: Object.fromEntries((input.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
    createdAt: now,
    modifiedAt: now,
  });
}

/** Both names must be the source's own; only such a bus may begin with `aws.` or contain a slash. */
function checkPartnerName(
  sources: PartnerSources,
  name: string,
  sourceName: string | undefined,
  region: string,
): void {
  if (sourceName === undefined) {
    if (name.startsWith('aws.')) throw validation("EventBus name starting with 'aws.' is not valid.");
    if (name.includes('/'))
      throw validation(`Parameter Name is not valid. Reason: Event bus name ${name} must not contain '/'.`);
    return;
  }
  if (name !== sourceName)
    throw validation(
      `Parameter Name is not valid. Reason: The name of a partner event bus must be its event source's (${sourceName}).`,
    );
  const source = sources.find(region, sourceName);
  if (!source) throw notFound(`Event source ${sourceName} does not exist.`);
  if (sources.state(source) === 'DELETED')
    throw invalidState(`Event source ${sourceName} is in DELETED state.`);
}

function given(input: CreateInput): Partial<BusRecord> {
  return {
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.KmsKeyIdentifier === undefined ? {} : { kmsKeyIdentifier: input.KmsKeyIdentifier }),
    ...(input.DeadLetterConfig === undefined ? {} : { deadLetterConfig: input.DeadLetterConfig }),
    ...(input.LogConfig === undefined ? {} : { logConfig: input.LogConfig }),
  };
}

function settings(bus: BusRecord): object {
  return {
    Description: bus.description,
    KmsKeyIdentifier: bus.kmsKeyIdentifier,
    DeadLetterConfig: bus.deadLetterConfig,
    LogConfig: bus.logConfig,
  };
}

function present(bus: BusRecord, whole: boolean): object {
  return {
    Name: bus.name,
    Arn: bus.arn,
    Policy: bus.policy,
    Description: bus.description,
    CreationTime: new Date(bus.createdAt),
    LastModifiedTime: new Date(bus.modifiedAt),
    ...(whole ? settings(bus) : {}),
  };
}
