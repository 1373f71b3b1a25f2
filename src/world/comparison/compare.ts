import { IdSet } from '../../core/id-set.js';
import type { World } from '../world.js';
import { awaitedPayments } from './awaited.js';
import { enter, pendingThoughPaid } from './books.js';
import { classifiedEvents, comparedEvent, sessionOf } from './events.js';
import { stageFacts } from './facts.js';
import { paidWithoutStripe } from './paid-orders.js';
import { PathTallies } from './paths.js';
import { isPayment } from './payment.js';
import { count, emptyTallies } from './tally.js';
import {
  type Books,
  type ComparedEvent,
  type ComparedOrder,
  type Comparison,
  type ComparisonWindow,
  EVENT_CLASSES,
  ORDER_CLASSES,
} from './types.js';
import { unconfirmedRows } from './unconfirmed-rows.js';

/** Lets whoever waits know how far it is. */
export interface ComparisonProgress {
  compared(events: number): void;
}

/**
 * Compares what Stripe says happened with what the ledger and the orders say. Only looks; asks anew at every call.
 */
export async function compare(
  world: World,
  window: ComparisonWindow,
  progress?: ComparisonProgress,
): Promise<Comparison> {
  const facts = await stageFacts(world);
  const events = emptyTallies<(typeof EVENT_CLASSES)[number], ComparedEvent>(EVENT_CLASSES);
  const orders = emptyTallies<(typeof ORDER_CLASSES)[number], ComparedOrder>(ORDER_CLASSES);
  const paths = new PathTallies(facts);
  const books: Books = { sessions: 0, stripeMinor: 0, orders: 0, ordersMinor: 0 };
  const listed = new IdSet();
  const announced = new Set<string>();
  let seen = 0;
  for await (const batch of classifiedEvents(world, window, facts)) {
    for (const one of batch) {
      count(events[one.classified.class], comparedEvent(one));
      if (one.classified.class !== 'not-at-stripe') listed.add(one.event.id);
      if (one.classified.class === 'missing' && isPayment(one.event))
        announced.add(sessionOf(one.event).id ?? '');
      paths.add(one.event, one.classified);
      enter(books, one);
      const pending = pendingThoughPaid(one);
      if (pending) count(orders['pending-though-paid'], pending);
    }
    seen += batch.length;
    progress?.compared(seen);
  }
  // The other way round: what the ledger and the orders say, and Stripe does not.
  const [rows, reverse, awaited] = await Promise.all([
    unconfirmedRows(world, window, listed),
    paidWithoutStripe(world, window, listed),
    awaitedPayments(world, window, announced),
  ]);
  for (const row of rows.found) count(events['not-at-stripe'], row);
  for (const order of reverse.found) count(orders['paid-without-stripe'], order);
  for (const one of awaited.found) count(orders[one.class], one.order);
  return {
    since: window.since.toISOString(),
    until: window.until.toISOString(),
    recordingSince: Number.isFinite(facts.recordingSince)
      ? new Date(facts.recordingSince).toISOString()
      : null,
    currency: facts.currency,
    events,
    orders,
    paths: paths.finish(),
    books,
    unseen: [rows.unseen, reverse.unseen, awaited.unseen].filter((one) => one !== null),
  };
}

/** The comparison of the window that this run's checks look at; made once, for all of them. */
export function recentComparison(world: World): Promise<Comparison> {
  return world.once('comparison', () => {
    const until = new Date();
    return compare(world, { since: new Date(until.getTime() - world.choices.windowMs), until });
  });
}
