import type { LedgerEvent } from '../../../handlers/contract/ledger.js';
import type { Operations } from '../../../handlers/contract/operations.js';
import { HANDLED_EVENT_TYPES } from '../../../handlers/contract/stripe-event.js';
import { CachaoError } from '../../core/errors.js';
import type { IdSet } from '../../core/id-set.js';
import { operate } from '../operations.js';
import type { World } from '../world.js';
import { contradiction, isPaidNow } from './contradiction.js';
import { eventBatches, MOST_IDS, ordersById } from './events.js';
import { sessionFault } from './session-fault.js';
import type { ComparedEvent, ComparisonWindow } from './types.js';

/** Stripe promises events for 30 days; the last of them may be gone while it is asked. */
const KEPT_MS = 29 * 24 * 3_600_000;
/** Where there are more, their whole time is listed: a page tells a hundred of them at once. */
const MOST_SINGLE = 20;
/** Stripe answers some 25 requests a second: what is beyond is told as not looked at. */
const MOST_ASKED = 500;

export interface LedgerCheck {
  found: ComparedEvent[];
  /** What could not be looked at, with the reason; null: all was. */
  unseen: string | null;
}

/**
 * Rows that the ledger got in the window and that Stripe does not confirm: only Stripe can say that an order is paid,
 * so somebody else did. The time is that of the commit, which who forges an event cannot choose. `listed`: events
 * that were compared already.
 */
export async function unconfirmedRows(
  world: World,
  window: ComparisonWindow,
  listed: IdSet,
): Promise<LedgerCheck> {
  const rows = new Map<string, LedgerEvent>();
  try {
    for await (const row of ledgerRows(world, window))
      if (!listed.has(row.eventId)) rows.set(row.eventId, row);
  } catch (error) {
    if (!(error instanceof CachaoError) || error.code !== 'UNKNOWN_OPERATION') throw error;
    const unseen =
      'Ledger rows that Stripe does not have: the deployed functions are older than this cachao. Run cachao deploy.';
    return { found: [], unseen };
  }
  const faults = new Map<LedgerEvent, string>();
  if (rows.size > MOST_SINGLE) await compareWithList(world, window, rows, faults);
  const asked = [...rows.values()].slice(0, MOST_ASKED);
  for (const row of asked) {
    const why = await faultOf(world, row);
    if (why) faults.set(row, why);
  }
  const beyond = rows.size - asked.length;
  return {
    found: await comparedRows(world, faults),
    unseen: beyond > 0 ? `${beyond} ledger rows that Stripe did not list. Compare a shorter time.` : null,
  };
}

async function* ledgerRows(world: World, { since, until }: ComparisonWindow): AsyncGenerator<LedgerEvent> {
  let afterId: string | null = null;
  do {
    const page: Operations['list-events']['response'] = await operate(world, 'list-events', {
      types: [...HANDLED_EVENT_TYPES],
      processedSince: since.toISOString(),
      processedUntil: until.toISOString(),
      limit: MOST_IDS,
      ...(afterId === null ? {} : { afterId }),
    });
    yield* page.events;
    afterId = page.next;
  } while (afterId !== null);
}

/** Takes out the rows whose events Stripe lists: replays and late deliveries of what is older than the window. */
async function compareWithList(
  world: World,
  { since }: ComparisonWindow,
  rows: Map<string, LedgerEvent>,
  faults: Map<LedgerEvent, string>,
): Promise<void> {
  const kept = [...rows.values()].map(({ createdAt }) => Date.parse(createdAt)).filter(isKept);
  const oldest = Math.min(...kept, since.getTime());
  if (oldest >= since.getTime()) return;
  for await (const events of eventBatches(world, { since: new Date(oldest), until: since }))
    for (const event of events) {
      const row = rows.get(event.id);
      if (!row) continue;
      rows.delete(event.id);
      const why = contradiction(row, event, await isPaidNow(world, row, event));
      if (why) faults.set(row, why);
    }
}

async function faultOf(world: World, row: LedgerEvent): Promise<string | null> {
  const event = await world.stripe.events.retrieve(row.eventId);
  if (event) return contradiction(row, event, await isPaidNow(world, row, event));
  if (isKept(Date.parse(row.createdAt))) return `Stripe has no event ${row.eventId}`;
  // Stripe does not keep events for so long, but it keeps sessions.
  return row.outcome === 'paid' ? sessionFault(world, row.sessionId, row.orderId) : null;
}

function isKept(createdAt: number): boolean {
  return createdAt > Date.now() - KEPT_MS;
}

async function comparedRows(
  world: World,
  faults: ReadonlyMap<LedgerEvent, string>,
): Promise<ComparedEvent[]> {
  const found: ComparedEvent[] = [];
  const entries = [...faults];
  for (let from = 0; from < entries.length; from += MOST_IDS) {
    const batch = entries.slice(from, from + MOST_IDS);
    const orders = await ordersById(
      world,
      batch.map(([{ orderId }]) => orderId).filter((id) => id !== null),
    );
    found.push(
      ...batch.map(([row, why]) => ({
        eventId: row.eventId,
        eventType: row.eventType,
        createdAt: row.createdAt,
        sessionId: row.sessionId,
        orderId: row.orderId,
        amountMinor: row.outcome === 'paid' ? (orders.get(row.orderId ?? '')?.amountMinor ?? null) : null,
        why: `${why}; it came by ${[...new Set(row.arrivals.map(({ via }) => via))].join(' and ') || 'no known way'}, and did: ${row.outcome}`,
      })),
    );
  }
  return found;
}
