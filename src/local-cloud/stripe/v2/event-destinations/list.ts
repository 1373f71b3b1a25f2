import { invalidRequest } from '../../http/errors.js';
import type { Call } from '../../http/routes.js';
import type { DestinationRecord } from '../../tables.js';
import { type Include, mirrorOf, renderDestination } from './render.js';

interface Listing {
  include: Include[] | undefined;
  limit: number | undefined;
  page: string | undefined;
}

/** Where the next page starts, and the filters of the first, which later pages cannot change. */
interface Cursor {
  after: string;
  limit: number;
  include: Include[];
}

const PATH = '/v2/core/event_destinations';
const DEFAULT_LIMIT = 20;

/** The destinations that the index knows by now and the mirrored v1 endpoints, newest first. */
export function listDestinations(params: Listing, call: Call): object {
  const cursor = params.page === undefined ? undefined : readCursor(params.page);
  if (cursor && ((params.limit ?? cursor.limit) !== cursor.limit || params.include))
    throw invalidRequest('The parameters of a list cannot change between its pages.', 'page');
  const limit = cursor?.limit ?? params.limit ?? DEFAULT_LIMIT;
  const include = cursor?.include ?? params.include ?? [];
  const all = listed(call);
  const from = cursor ? startAfter(all, cursor.after) : 0;
  const page = all.slice(from, from + limit);
  const last = page.at(-1);
  return {
    data: page.map((record) => renderDestination(call.side, record, include)),
    next_page_url: last && from + limit < all.length ? pageUrl({ after: last.id, limit, include }) : null,
    previous_page_url: from > 0 ? previousUrl(all, from, limit, include) : null,
  };
}

function listed(call: Call): DestinationRecord[] {
  const { side, livemode } = call;
  const mirrored = side.tables.webhookEndpoints.values().map(mirrorOf);
  return [...side.tables.destinationIndex.values(), ...mirrored]
    .filter((record) => record.livemode === livemode)
    .sort((a, b) => b.createdMs - a.createdMs || (a.id < b.id ? -1 : 1));
}

function previousUrl(all: DestinationRecord[], from: number, limit: number, include: Include[]): string {
  const start = Math.max(0, from - limit);
  return pageUrl({ after: all[start - 1]?.id ?? '', limit, include });
}

/** The URL is a path: clients follow it on the host they know. */
function pageUrl(cursor: Cursor): string {
  return `${PATH}?page=${Buffer.from(JSON.stringify(cursor)).toString('base64url')}&limit=${cursor.limit}`;
}

function readCursor(page: string): Cursor {
  try {
    const cursor = JSON.parse(Buffer.from(page, 'base64url').toString('utf8')) as Cursor;
    if (typeof cursor.after === 'string' && Number.isInteger(cursor.limit) && Array.isArray(cursor.include))
      return cursor;
  } catch {
    // Told below, as any other text that is not a page of ours.
  }
  throw invalidRequest(`Invalid page token: ${page}`, 'page');
}

function startAfter(all: DestinationRecord[], id: string): number {
  if (id === '') return 0;
  const index = all.findIndex((record) => record.id === id);
  if (index < 0) throw invalidRequest('This page no longer exists; list again from the start.', 'page');
  return index + 1;
}
