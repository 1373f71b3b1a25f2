import { METADATA } from '../../../handlers/contract/environment.js';
import type { Order } from '../../../handlers/contract/operations.js';
import {
  type CheckoutSession,
  HANDLED_EVENT_TYPES,
  type StripeEvent,
} from '../../../handlers/contract/stripe-event.js';
import { operate } from '../operations.js';
import type { World } from '../world.js';
import { type Classified, classify, type StageFacts } from './classify.js';
import { isPaidNow } from './contradiction.js';
import { isPayment } from './payment.js';
import type { ComparedEvent, ComparisonWindow } from './types.js';

/** What the operations function takes at once. */
export const MOST_IDS = 500;

export interface ClassifiedEvent {
  event: StripeEvent;
  classified: Classified;
  /** The order that it names; undefined where there is none. */
  order: Order | undefined;
}

/**
 * Stripe's events of the handled types in the window, newest first, each with where it stands: batch by batch, so
 * that a window of any size fits in memory. The ledger is asked anew for each batch.
 */
export async function* classifiedEvents(
  world: World,
  window: ComparisonWindow,
  facts: StageFacts,
): AsyncGenerator<ClassifiedEvent[]> {
  for await (const events of eventBatches(world, window)) yield await classifyBatch(world, events, facts);
}

/** Stripe's events of the handled types in the window, newest first, in batches. */
export async function* eventBatches(world: World, window: ComparisonWindow): AsyncGenerator<StripeEvent[]> {
  const asked = { types: [...HANDLED_EVENT_TYPES], ...inSeconds(window) };
  let batch: StripeEvent[] = [];
  let next: string | null = null;
  do {
    const page = await world.stripe.eventPage(asked, next);
    next = page.next;
    batch.push(...page.items);
    if (batch.length > MOST_IDS - 100 || next === null) {
      if (batch.length > 0) yield batch;
      batch = [];
    }
  } while (next !== null);
}

async function classifyBatch(
  world: World,
  events: StripeEvent[],
  facts: StageFacts,
): Promise<ClassifiedEvent[]> {
  const ledger = await operate(world, 'get-events', { eventIds: events.map((event) => event.id) });
  const recorded = new Map(ledger.events.map((one) => [one.eventId, one]));
  // After the ledger: an order that is committed in between then only looks further on than its event, never behind.
  const orders = await ordersById(
    world,
    events.map(orderIdOf).filter((id) => id !== null),
  );
  return Promise.all(
    events.map(async (event) => {
      const row = recorded.get(event.id);
      const order = orders.get(orderIdOf(event) ?? '');
      const paidNow = await isPaidNow(world, row, event);
      return { event, classified: classify(event, row, order, facts, paidNow), order };
    }),
  );
}

export async function ordersById(world: World, orderIds: readonly string[]): Promise<Map<string, Order>> {
  const ids = [...new Set(orderIds)];
  if (ids.length === 0) return new Map();
  const { orders } = await operate(world, 'get-orders', { orderIds: ids });
  return new Map(orders.map((order) => [order.orderId, order]));
}

export function sessionOf(event: StripeEvent): Partial<CheckoutSession> {
  return event.data.object as Partial<CheckoutSession>;
}

export function orderIdOf(event: StripeEvent): string | null {
  return sessionOf(event).metadata?.[METADATA.orderId] || null;
}

export function comparedEvent({ event, classified }: ClassifiedEvent): ComparedEvent {
  return {
    eventId: event.id,
    eventType: event.type,
    createdAt: new Date(event.created * 1000).toISOString(),
    sessionId: sessionOf(event).id ?? null,
    orderId: orderIdOf(event),
    amountMinor: isPayment(event) ? (sessionOf(event).amount_total ?? 0) : null,
    why: classified.why,
  };
}

function inSeconds({ since, until }: ComparisonWindow): { since: number; until: number } {
  return { since: Math.floor(since.getTime() / 1000), until: Math.ceil(until.getTime() / 1000) };
}
