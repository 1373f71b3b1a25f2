import type { EventOutcome, LedgerArrival, LedgerEvent, Via } from '../contract/ledger.js';
import type { Operations } from '../contract/operations.js';
import type { Database, Row, Transaction } from '../shared/database/database.js';
import { isoTime } from '../shared/database/time.js';

const SELECT =
  'SELECT event_id, event_type, created_at, livemode, session_id, order_id, outcome, processed_at FROM stripe_events';

export async function getEvents(
  database: Database,
  { eventIds = [], sessionIds = [] }: Operations['get-events']['request'],
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
    return { events: await withArrivals(transaction, rows) };
  });
}

export async function getSessionEvents(
  database: Database,
  { sessionId }: Operations['get-session-events']['request'],
): Promise<Operations['get-session-events']['response']> {
  return database.transaction(async (transaction) => {
    const rows = await transaction.rows(
      `${SELECT} WHERE session_id = ? ORDER BY processed_at, event_id LIMIT 500`,
      [sessionId],
    );
    return { events: await withArrivals(transaction, rows) };
  });
}

async function withArrivals(transaction: Transaction, rows: Row[]): Promise<LedgerEvent[]> {
  if (rows.length === 0) return [];
  const arrivals = await transaction.rows(
    'SELECT event_id, via, received_at FROM stripe_event_arrivals WHERE event_id IN (?) ORDER BY received_at, arrival_id',
    [rows.map((row) => row.event_id ?? '')],
  );
  const byEvent = new Map<string, LedgerArrival[]>();
  for (const arrival of arrivals) {
    const list = byEvent.get(arrival.event_id ?? '') ?? [];
    list.push({ via: arrival.via as Via, receivedAt: isoTime(arrival.received_at) });
    byEvent.set(arrival.event_id ?? '', list);
  }
  return rows.map((row) => ({
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
