import { METADATA } from '../../../handlers/contract/environment.js';
import type { AwaitedPayment, Operations } from '../../../handlers/contract/operations.js';
import { isPaid } from '../../../handlers/contract/order-transition.js';
import type { CheckoutSession, StripeEvent } from '../../../handlers/contract/stripe-event.js';
import { CachaoError } from '../../core/errors.js';
import { operate } from '../operations.js';
import type { World } from '../world.js';
import { IN_FLIGHT_MS } from './classify.js';
import { eventBatches, MOST_IDS } from './events.js';
import { isPayment } from './payment.js';
import type { ComparedOrder, ComparisonWindow, OrderClass } from './types.js';

const DAY_MS = 24 * 3_600_000;
/** Whatever the window: a transfer may take weeks, and Stripe keeps sessions for longer than events. */
const LOOK_BACK_MS = 90 * DAY_MS;
/** Cards are held for a week, and debits settle within ten business days. */
const LONG_MS = 14 * DAY_MS;
/** Stripe answers some 25 requests a second: what is beyond is told as not looked at. */
const MOST_ASKED = 500;
const AT_ONCE = 8;

export interface AwaitedOrder {
  class: Extract<OrderClass, 'paid-since' | 'awaiting' | 'awaiting-long'>;
  order: ComparedOrder;
  /** The event that announced the payment, with its session of now; null while nothing is to be delivered. */
  event: StripeEvent | null;
}

export interface AwaitedCheck {
  found: AwaitedOrder[];
  /** What could not be looked at, with the reason; null: all was. */
  unseen: string | null;
}

/**
 * Orders whose session was completed unpaid and that still wait for its payment: a capture to come, or a delayed method.
 * No further event need come of them, so Stripe is asked for each session as it is now.
 * @param announced sessions of which a payment is told already, as an event that is missing
 */
export async function awaitedPayments(
  world: World,
  { until }: Pick<ComparisonWindow, 'until'>,
  announced: ReadonlySet<string>,
): Promise<AwaitedCheck> {
  const now = Date.now();
  const all: AwaitedPayment[] = [];
  try {
    for await (const one of ledgerRows(world, until)) all.push(one);
  } catch (error) {
    if (!(error instanceof CachaoError) || error.code !== 'UNKNOWN_OPERATION') throw error;
    const unseen =
      'Payments that are awaited: the deployed functions are older than this cachao. Run cachao deploy.';
    return { found: [], unseen };
  }
  // The oldest first: they are the ones to be asked for.
  all.sort((a, b) => a.event.createdAt.localeCompare(b.event.createdAt));
  const waiting = all.filter(({ event }) => !announced.has(event.sessionId ?? ''));
  const found: AwaitedOrder[] = [];
  for (let from = 0; from < Math.min(waiting.length, MOST_ASKED); from += AT_ONCE)
    found.push(
      ...(await Promise.all(
        waiting.slice(from, Math.min(from + AT_ONCE, MOST_ASKED)).map((one) => judge(world, one, now)),
      )),
    );
  const beyond = waiting.length - found.length;
  return {
    found: await withoutArriving(world, found, now),
    unseen: beyond > 0 ? `${beyond} of ${waiting.length} payments that are awaited, the youngest.` : null,
  };
}

async function* ledgerRows(world: World, until: Date): AsyncGenerator<AwaitedPayment> {
  let afterId: string | null = null;
  do {
    const page: Operations['list-awaiting']['response'] = await operate(world, 'list-awaiting', {
      createdSince: new Date(until.getTime() - LOOK_BACK_MS).toISOString(),
      createdUntil: until.toISOString(),
      limit: MOST_IDS,
      ...(afterId === null ? {} : { afterId }),
    });
    yield* page.awaiting;
    afterId = page.next;
  } while (afterId !== null);
}

async function judge(world: World, { event, order }: AwaitedPayment, now: number): Promise<AwaitedOrder> {
  const age = now - Date.parse(event.createdAt);
  const compared = (amountMinor: number, why: string): ComparedOrder => ({
    orderId: order.orderId,
    status: order.status,
    sessionId: event.sessionId,
    amountMinor,
    why,
  });
  const waits = (amountMinor: number, why: string): AwaitedOrder => ({
    class: age > LONG_MS ? 'awaiting-long' : 'awaiting',
    order: compared(amountMinor, `${why}; announced at ${event.createdAt} by ${event.eventId}`),
    event: null,
  });
  const object = age < IN_FLIGHT_MS ? null : await world.stripe.sessionObject(event.sessionId ?? '');
  if (object === null) return waits(order.amountMinor, `${event.sessionId} was not paid yet`);
  if (object === undefined) return waits(order.amountMinor, `Stripe knows no session ${event.sessionId}`);
  const session = object as unknown as CheckoutSession;
  const amount = session.amount_total ?? order.amountMinor;
  const paysFor = session.metadata?.[METADATA.orderId];
  if (paysFor !== order.orderId)
    return waits(amount, `${session.id} pays for the order ${paysFor ?? 'of nobody'}`);
  if (!isPaid(session)) return waits(amount, `${session.id} is ${session.payment_status}`);
  return {
    class: 'paid-since',
    order: compared(amount, `${session.id} is paid now; it was announced at ${event.createdAt}`),
    event: {
      id: event.eventId,
      object: 'event',
      type: event.eventType,
      api_version: null,
      created: Math.floor(Date.parse(event.createdAt) / 1000),
      livemode: event.livemode,
      data: { object },
    },
  };
}

/** A payment that has just come is on its way with an event of its own. */
async function withoutArriving(world: World, found: AwaitedOrder[], now: number): Promise<AwaitedOrder[]> {
  if (!found.some((one) => one.class === 'paid-since')) return found;
  const window = { since: new Date(now - IN_FLIGHT_MS), until: new Date() };
  const arriving = new Set<unknown>();
  for await (const events of eventBatches(world, window))
    for (const event of events) if (isPayment(event)) arriving.add(event.data.object.id);
  return found.map((one) =>
    one.class === 'paid-since' && arriving.has(one.order.sessionId)
      ? { ...one, class: 'awaiting', event: null }
      : one,
  );
}
