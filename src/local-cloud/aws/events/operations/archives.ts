import type { Operation } from '../../../kernel/service.js';
import type { Archives } from '../archives.js';
import type { Buses } from '../buses.js';
import { alreadyExists, checkText, constraint, notFound, validation } from '../errors.js';
import { archiveArn, busName, ruleArn } from '../names.js';
import { checkPattern } from '../pattern/index.js';
import type { ArchiveRecord, BusRecord } from '../records.js';
import { page } from './paging.js';

interface ArchiveInput {
  ArchiveName?: string;
  EventSourceArn?: string;
  Description?: string;
  EventPattern?: string;
  RetentionDays?: number;
  KmsKeyIdentifier?: string;
}

interface ListInput {
  NamePrefix?: string;
  EventSourceArn?: string;
  State?: string;
  Limit?: number;
  NextToken?: string;
}

/** Operations on archives. Each keeps a managed rule on its bus, as AWS does. */
export function archiveOperations(buses: Buses, archives: Archives): Record<string, Operation> {
  const { tables } = buses;
  const resource = (input: ArchiveInput, call: { region: string }) =>
    archiveArn(call.region, String(input.ArchiveName ?? '*'));
  const get = (input: ArchiveInput, region: string): ArchiveRecord => {
    const name = archiveName(input.ArchiveName);
    const archive = tables.archives.get(archiveArn(region, name));
    if (!archive) throw notFound(`Archive ${name} does not exist.`);
    return archive;
  };
  const created = (archive: ArchiveRecord) => ({
    ArchiveArn: archive.arn,
    State: 'ENABLED',
    CreationTime: new Date(archive.createdAt),
  });
  const summary = (archive: ArchiveRecord) => {
    const { events, bytes } = archives.size(archive);
    return {
      ArchiveName: archive.name,
      EventSourceArn: archive.sourceArn,
      State: 'ENABLED',
      RetentionDays: archive.retentionDays,
      SizeBytes: bytes,
      EventCount: events,
      CreationTime: new Date(archive.createdAt),
    };
  };
  return {
    CreateArchive: {
      resource,
      handle: (input: ArchiveInput, call) => {
        const name = archiveName(input.ArchiveName);
        const bus = buses.get(
          call.region,
          busName(checkText(input.EventSourceArn, 'eventSourceArn', /^arn:.+$/, 1600), 'eventSourceArn'),
        );
        checkSettings(input);
        const arn = archiveArn(call.region, name);
        if (tables.archives.has(arn)) throw alreadyExists(`Archive ${name} already exists.`);
        const archive: ArchiveRecord = {
          arn,
          region: call.region,
          name,
          sourceArn: bus.arn,
          bus: bus.name,
          retentionDays: 0,
          ...settings(input),
          createdAt: call.cloud.clock.now(),
        };
        tables.archives.set(arn, archive);
        keepManagedRule(buses, bus, archive);
        return created(archive);
      },
    },
    DescribeArchive: {
      resource,
      handle: (input: ArchiveInput, call) => {
        const archive = get(input, call.region);
        return {
          ArchiveArn: archive.arn,
          ...summary(archive),
          Description: archive.description,
          EventPattern: archive.pattern,
          KmsKeyIdentifier: archive.kmsKeyIdentifier,
        };
      },
    },
    UpdateArchive: {
      resource,
      handle: (input: ArchiveInput, call) => {
        if (
          input.EventPattern === undefined &&
          input.RetentionDays === undefined &&
          input.Description === undefined
        )
          throw validation('At least one of EventPattern, RetentionDays or Description must be provided.');
        const archive = get(input, call.region);
        checkSettings(input);
        const next = tables.archives.set(archive.arn, { ...archive, ...settings(input) });
        keepManagedRule(buses, buses.get(call.region, archive.bus), next);
        return created(next);
      },
    },
    DeleteArchive: {
      resource,
      handle: (input: ArchiveInput, call) => {
        const archive = get(input, call.region);
        archives.remove(archive);
        tables.rules.delete(ruleArn(archive.region, archive.bus, managedRuleName(archive)));
        return {};
      },
    },
    ListArchives: {
      handle: (input: ListInput, call) => {
        const found = tables.archives
          .values()
          .filter(({ region, name }) => region === call.region && name.startsWith(input.NamePrefix ?? ''))
          .filter(({ sourceArn }) => input.EventSourceArn === undefined || sourceArn === input.EventSourceArn)
          .filter(() => input.State === undefined || input.State === 'ENABLED')
          .sort((a, b) => (a.name < b.name ? -1 : 1));
        const { items, NextToken } = page(found, ({ name }) => name, input);
        return { Archives: items.map(summary), NextToken };
      },
    },
  };
}

function archiveName(given: unknown): string {
  return checkText(given, 'archiveName', /^[.\-_A-Za-z0-9]+$/, 48);
}

function checkSettings(input: ArchiveInput): void {
  if (input.EventPattern !== undefined) checkPattern(input.EventPattern);
  if (
    input.RetentionDays !== undefined &&
    !(Number.isInteger(input.RetentionDays) && input.RetentionDays >= 0)
  )
    throw constraint(input.RetentionDays, 'retentionDays', 'have value greater than or equal to 0');
}

function settings(input: ArchiveInput): Partial<ArchiveRecord> {
  return {
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.EventPattern === undefined ? {} : { pattern: input.EventPattern }),
    ...(input.RetentionDays === undefined ? {} : { retentionDays: input.RetentionDays }),
    ...(input.KmsKeyIdentifier === undefined ? {} : { kmsKeyIdentifier: input.KmsKeyIdentifier }),
  };
}

const managedRuleName = (archive: ArchiveRecord) => `Events-Archive-${archive.name}`;

/** Visible in ListRules, and in the way of DeleteEventBus; what it would do, `Archives.keep` does. */
function keepManagedRule(buses: Buses, bus: BusRecord, archive: ArchiveRecord): void {
  const name = managedRuleName(archive);
  const arn = ruleArn(bus.region, bus.name, name);
  const own = archive.pattern === undefined ? {} : (JSON.parse(archive.pattern) as object);
  buses.tables.rules.set(arn, {
    arn,
    region: bus.region,
    bus: bus.name,
    name,
    pattern: JSON.stringify({ ...own, 'replay-name': [{ exists: false }] }),
    state: 'ENABLED',
    managedBy: 'prod.vhs.events.aws.internal',
    tags: {},
    targets: [{ Id: name, Arn: `arn:aws:events:${bus.region}:::` }],
  });
}
