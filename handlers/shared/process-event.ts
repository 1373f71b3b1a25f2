import type { EventLogRecord } from '../contract/ledger.js';
import type { StripeEvent } from '../contract/stripe-event.js';
import { readConfiguration } from './configuration.js';
import { shopDatabase } from './database/shop-database.js';
import { type Applied, applyEvent } from './event/apply-event.js';
import type { Arrival } from './event/statements.js';
import { logEvent } from './log.js';

/**
 * What both delivery paths do with an event that they trust: apply it, and log how it ended.
 * @throws what `applyEvent` throws, after it was logged
 */
export async function processEvent(
  event: StripeEvent,
  arrival: Arrival,
  envelopeTime?: string,
): Promise<Applied> {
  const line = (ending: Pick<EventLogRecord, 'level' | 'outcome' | 'orderId' | 'code'>): EventLogRecord => ({
    ...ending,
    message: 'stripe-event',
    eventId: event.id,
    eventType: event.type,
    via: arrival.via,
    receivedAt: arrival.receivedAt.toISOString(),
    ...(envelopeTime === undefined ? {} : { envelopeTime }),
    durationMs: Date.now() - arrival.receivedAt.getTime(),
  });
  try {
    const configuration = readConfiguration();
    const applied = await applyEvent(shopDatabase(configuration), configuration, event, arrival);
    const { outcome, orderId } = applied;
    logEvent(line({ level: 'INFO', outcome, ...(orderId === null ? {} : { orderId }) }));
    return applied;
  } catch (error) {
    const orderId = orderIdOf(event);
    logEvent(
      line({
        level: 'ERROR',
        outcome: 'error',
        code: (error as Error).name,
        ...(orderId ? { orderId } : {}),
      }),
    );
    throw error;
  }
}

function orderIdOf(event: StripeEvent): string | undefined {
  const { metadata } = event.data.object as { metadata?: { order_id?: unknown } | null };
  return typeof metadata?.order_id === 'string' ? metadata.order_id : undefined;
}
