import type { World } from '../world.js';
import { enter, pendingThoughPaid } from './books.js';
import { classifiedEvents, comparedEvent } from './events.js';
import { stageFacts } from './facts.js';
import { paidWithoutStripe } from './paid-orders.js';
import { PathTallies } from './paths.js';
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
  // From the orders' side: it waits for nothing of the rest.
  const reversing = paidWithoutStripe(world, window);
  reversing.catch(() => undefined);
  const facts = await stageFacts(world);
  const events = emptyTallies<(typeof EVENT_CLASSES)[number], ComparedEvent>(EVENT_CLASSES);
  const orders = emptyTallies<(typeof ORDER_CLASSES)[number], ComparedOrder>(ORDER_CLASSES);
  const paths = new PathTallies(facts);
  const books: Books = { sessions: 0, stripeMinor: 0, orders: 0, ordersMinor: 0 };
  let seen = 0;
  for await (const batch of classifiedEvents(world, window, facts)) {
    for (const one of batch) {
      count(events[one.classified.class], comparedEvent(one));
      paths.add(one.event, one.classified);
      enter(books, one);
      const pending = pendingThoughPaid(one);
      if (pending) count(orders['pending-though-paid'], pending);
    }
    seen += batch.length;
    progress?.compared(seen);
  }
  const reverse = await reversing;
  for (const order of reverse.found) count(orders['paid-without-stripe'], order);
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
    unseen: reverse.unseen === null ? [] : [reverse.unseen],
  };
}

/** The comparison of the window that this run's checks look at; made once, for all of them. */
export function recentComparison(world: World): Promise<Comparison> {
  return world.once('comparison', () => {
    const until = new Date();
    return compare(world, { since: new Date(until.getTime() - world.choices.windowMs), until });
  });
}
