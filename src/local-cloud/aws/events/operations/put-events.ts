import { randomUUID } from 'node:crypto';
import { ACCOUNT } from '../../../kernel/cloud.js';
import type { Call, Operation } from '../../../kernel/service.js';
import type { Buses } from '../buses.js';
import { constraint, validation } from '../errors.js';
import type { Ingest } from '../ingest.js';
import { busArn, looseBusName } from '../names.js';

interface Entry {
  Time?: number;
  Source?: string;
  Resources?: string[];
  DetailType?: string;
  Detail?: string;
  EventBusName?: string;
}

interface PutEventsInput {
  Entries?: Entry[];
}

const MOST_ENTRIES = 10;
/** Raised from 256 KB on 2026-01-29. */
const LARGEST_REQUEST = 1_048_576;
const NOT_PARTNER = /^(arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[.\-_A-Za-z0-9]+$/;

/** PutEvents: one's own events on default and custom buses. Partner buses are refused by the parameter's pattern. */
export function putEventsOperations(buses: Buses, ingest: Ingest): Record<string, Operation> {
  return {
    PutEvents: {
      resource: (input: PutEventsInput, call) => [
        ...new Set(
          (input.Entries ?? []).map((entry) => busArn(call.region, looseBusName(entry.EventBusName))),
        ),
      ],
      handle: (input: PutEventsInput, call) => {
        const entries = input.Entries ?? [];
        checkRequest(entries);
        const results = entries.map((entry) => putOne(buses, ingest, entry, call));
        return {
          FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length,
          Entries: results,
        };
      },
    },
  };
}

function checkRequest(entries: Entry[]): void {
  if (entries.length === 0) throw constraint('[]', 'entries', 'have length greater than or equal to 1');
  if (entries.length > MOST_ENTRIES)
    throw constraint(
      `[${entries.length} entries]`,
      'entries',
      `have length less than or equal to ${MOST_ENTRIES}`,
    );
  entries.forEach(({ EventBusName: bus }, index) => {
    if (bus !== undefined && !NOT_PARTNER.test(bus))
      throw constraint(
        bus,
        `entries.${index + 1}.member.eventBusName`,
        `satisfy regular expression pattern: ${NOT_PARTNER.source.slice(1, -1)}`,
      );
  });
  const size = entries.reduce((sum, entry) => sum + entrySize(entry), 0);
  if (size > LARGEST_REQUEST) throw validation('Total size of the entries in the request is over the limit.');
}

/** AWS's own counting: 14 bytes for the time, then source, detail type, detail and resources. */
function entrySize(entry: Entry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  return (
    (entry.Time === undefined ? 0 : 14) + texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 0)
  );
}

function putOne(
  buses: Buses,
  ingest: Ingest,
  entry: Entry,
  call: Call,
): { EventId: string } | { ErrorCode: string; ErrorMessage: string } {
  for (const name of ['Source', 'DetailType', 'Detail'] as const)
    if (!entry[name])
      return {
        ErrorCode: 'InvalidArgument',
        ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      };
  const source = entry.Source as string;
  if (source.startsWith('aws.'))
    return {
      ErrorCode: 'NotAuthorizedForSourceException',
      ErrorMessage: `Not authorized for the source. Source ${source} is reserved.`,
    };
  const detail = parseDetail(entry.Detail as string);
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const id = randomUUID();
  const bus = buses.find(call.region, looseBusName(entry.EventBusName));
  const time = entry.Time === undefined ? call.cloud.clock.now() : entry.Time * 1000;
  // As recorded: an event for a bus that does not exist is taken and gone.
  if (bus)
    ingest.onto(bus, {
      version: '0',
      id,
      'detail-type': entry.DetailType as string,
      source,
      account: ACCOUNT,
      time: `${new Date(time).toISOString().slice(0, 19)}Z`,
      region: call.region,
      resources: entry.Resources ?? [],
      detail,
    });
  return { EventId: id };
}

function parseDetail(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
