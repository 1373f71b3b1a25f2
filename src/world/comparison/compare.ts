import type { World } from '../world.js';
import { IN_FLIGHT_MS, type StageFacts } from './classify.js';
import { classifiedEvents, comparedEvent, sessionOf } from './events.js';
import { stageFacts } from './facts.js';
import { paidWithoutStripe } from './paid-orders.js';
import { PathTallies } from './paths.js';
import { compareSessions } from './sessions.js';
import { count, emptyTallies } from './tally.js';
import {
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
  const facts = await stageFacts(world);
  // First: a session that is paid from here on has its event in what is listed after it.
  const sessions = await compareSessions(world, window, facts);
  const { flying, ...seen } = await compareEvents(world, window, facts, progress);
  const reverse = await paidWithoutStripe(world, window);
  const orders = emptyTallies<(typeof ORDER_CLASSES)[number], ComparedOrder>(ORDER_CLASSES);
  for (const order of sessions.pending)
    if (!flying.has(order.sessionId ?? '')) count(orders['pending-though-paid'], order);
  for (const order of reverse.found) count(orders['paid-without-stripe'], order);
  return {
    since: window.since.toISOString(),
    until: window.until.toISOString(),
    recordingSince: Number.isFinite(facts.recordingSince)
      ? new Date(facts.recordingSince).toISOString()
      : null,
    currency: facts.currency,
    ...seen,
    orders,
    books: sessions.books,
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

async function compareEvents(
  world: World,
  window: ComparisonWindow,
  facts: StageFacts,
  progress?: ComparisonProgress,
) {
  const events = emptyTallies<(typeof EVENT_CLASSES)[number], ComparedEvent>(EVENT_CLASSES);
  const paths = new PathTallies(facts);
  /** Sessions whose orders may still be paid any moment. */
  const flying = new Set<string>();
  let seen = 0;
  for (const part of partsOf(window, facts.now)) {
    for await (const batch of classifiedEvents(world, part, facts)) {
      for (const one of batch) {
        const name = one.classified.class;
        if (name === 'in-flight') flying.add(sessionOf(one.event).id ?? '');
        if (one.event.created * 1000 >= window.until.getTime()) continue;
        count(events[name], comparedEvent(one));
        paths.add(one.event, one.classified);
      }
      seen += batch.length;
      progress?.compared(seen);
    }
  }
  return { events, paths: paths.finish(), flying };
}

/** The window, and what is in flight now: an order of the window may be paid this minute. */
function partsOf({ since, until }: ComparisonWindow, now: number): ComparisonWindow[] {
  const flying = new Date(Math.max(now - IN_FLIGHT_MS, since.getTime()));
  const open = new Date(now + IN_FLIGHT_MS);
  return until >= flying
    ? [{ since, until: open }]
    : [
        { since, until },
        { since: flying, until: open },
      ];
}
