import type { EventOutcome, LedgerArrival, LedgerEvent, Via } from '../contract/ledger.js';
import type { Operations, Order } from '../contract/operations.js';
import type { Configuration } from '../shared/configuration.js';
import type { Database, Row, Transaction } from '../shared/database/database.js';
import { onAnyLedger } from '../shared/database/older-ledger.js';
import { isoTime, sqlTime } from '../shared/database/time.js';
import { payableOrders } from './orders.js';
import { RequestError } from './request-error.js';

const SELECT =
  'SELECT event_id, event_type, created_at, livemode, session_id, order_id, outcome, processed_at FROM stripe_events';

export async function getEvents(
  database: Database,
  { stage }: Configuration,
  { eventIds = [], sessionIds = [], anyStage = false }: Operations['get-events']['request'],
): Promise<Operations['get-events']['response']> {
  const by = [
    { column: 'event_id', ids: eventIds },
    { column: 'session_id', ids: sessionIds },
  ].filter(({ ids }) => ids.length > 0);
  if (by.length === 0) return { events: [] };
  return database.transaction(async (transaction) => {
    const rows = await transaction.rows(
      `${SELECT} WHERE ${by.map(({ column }) => `${column} IN (?)`).join(' OR ')} ORDER BY created_at, event_id`,
      by.map(({ ids }) => ids),
    );
    return { events: await withArrivals(transaction, rows, anyStage ? null : stage) };
  });
}

export async function listEvents(
  database: Database,
  { stage }: Configuration,
  { types, processedSince, processedUntil, afterId, limit }: Operations['list-events']['request'],
): Promise<Operations['list-events']['response']> {
  if (types.length === 0) return { events: [], next: null };
  const after = readCursor(afterId, processedSince);
  return database.transaction(async (transaction) => {
    // In the order of the index, so that a page reads its own rows and no others.
    const rows = await transaction.rows(
      `${SELECT} WHERE processed_at >= ? AND processed_at < ? AND (processed_at > ? OR event_id > ?) AND event_type IN (?)
       ORDER BY processed_at, event_id LIMIT ${limit}`,
      [after.time, sqlTime(new Date(processedUntil)), after.time, after.eventId, types],
    );
    const last = rows.length < limit ? undefined : rows.at(-1);
    return {
      events: await withArrivals(transaction, rows, stage),
      next: last ? `${last.processed_at} ${last.event_id}` : null,
    };
  });
}

/** Where the page before ended: the time and the id of its last event. @throws RequestError INVALID_REQUEST */
function readCursor(afterId: string | undefined, since: string): { time: string; eventId: string } {
  if (afterId === undefined) return { time: sqlTime(new Date(since)), eventId: '' };
  const [, time, eventId] = /^(\S+ \S+) (\S+)$/.exec(afterId) ?? [];
  if (time === undefined || eventId === undefined)
    throw new RequestError('INVALID_REQUEST', 'list-events: afterId is not the "next" of an earlier page.');
  return { time, eventId };
}

/** Whether their payment has come by now, Stripe knows; here it is known which orders still wait. */
export async function listAwaiting(
  database: Database,
  configuration: Configuration,
  { createdSince, createdUntil, afterId = '', limit }: Operations['list-awaiting']['request'],
): Promise<Operations['list-awaiting']['response']> {
  return database.transaction(async (transaction) => {
    const rows = await transaction.rows(
      `${SELECT} WHERE outcome = 'awaiting-payment' AND event_id > ? AND created_at >= ? AND created_at < ? ORDER BY event_id LIMIT ${limit}`,
      [afterId, sqlTime(new Date(createdSince)), sqlTime(new Date(createdUntil))],
    );
    // Not joined: the order's id is a text here and often a number there, for which no index would serve.
    const orders = await payableOrders(
      transaction,
      configuration,
      rows.map((row) => row.order_id ?? ''),
    );
    const waiting = rows.filter((row) => orders.has(row.order_id ?? ''));
    const events = await withArrivals(transaction, waiting, configuration.stage);
    return {
      awaiting: events.map((event) => ({ event, order: orders.get(event.orderId ?? '') as Order })),
      next: rows.length < limit ? null : (rows.at(-1)?.event_id ?? null),
    };
  });
}

export async function getSessionEvents(
  database: Database,
  { stage }: Configuration,
  { sessionId }: Operations['get-session-events']['request'],
): Promise<Operations['get-session-events']['response']> {
  return database.transaction(async (transaction) => {
    const rows = await transaction.rows(
      `${SELECT} WHERE session_id = ? ORDER BY processed_at, event_id LIMIT 500`,
      [sessionId],
    );
    return { events: await withArrivals(transaction, rows, stage) };
  });
}

const ARRIVALS = 'SELECT event_id, via, received_at FROM stripe_event_arrivals WHERE event_id IN (?)';
const IN_ORDER = 'ORDER BY received_at, arrival_id';

/** With their arrivals at a stage (null: at any); those that never arrived there are left out. */
async function withArrivals(
  transaction: Transaction,
  rows: Row[],
  stage: string | null,
): Promise<LedgerEvent[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.event_id ?? '');
  const all = () => transaction.rows(`${ARRIVALS} ${IN_ORDER}`, [ids]);
  // What a function of an earlier version wrote names no stage: it counts for each.
  const ofStage = () => transaction.rows(`${ARRIVALS} AND stage IN (?, '') ${IN_ORDER}`, [ids, stage]);
  const arrivals = await (stage === null ? all() : onAnyLedger(ofStage, all));
  const byEvent = new Map<string, LedgerArrival[]>();
  for (const arrival of arrivals) {
    const list = byEvent.get(arrival.event_id ?? '') ?? [];
    list.push({ via: arrival.via as Via, receivedAt: isoTime(arrival.received_at) });
    byEvent.set(arrival.event_id ?? '', list);
  }
  const arrived = rows.filter((row) => stage === null || byEvent.has(row.event_id ?? ''));
  return arrived.map((row) => ({
    eventId: row.event_id ?? '',
    eventType: row.event_type ?? '',
    createdAt: isoTime(row.created_at),
    livemode: row.livemode === '1',
    sessionId: row.session_id ?? null,
    orderId: row.order_id ?? null,
    outcome: row.outcome as EventOutcome,
    processedAt: isoTime(row.processed_at),
    arrivals: byEvent.get(row.event_id ?? '') ?? [],
  }));
}
