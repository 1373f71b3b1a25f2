import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLogRecord, LedgerEvent } from '../../handlers/contract/ledger.js';
import type { Order } from '../../handlers/contract/operations.js';
import type { StripeEvent } from '../../handlers/contract/stripe-event.js';
import { CannotLookError } from '../core/errors.js';
import type { CheckoutSessionView } from '../stripe/checkout-sessions.js';
import type { Bench } from '../world/bench.js';
import { operate } from '../world/operations.js';
import { readEventLog } from './log-records.js';

const FIRST_POLL_MS = 150;
const SLOWEST_POLL_MS = 2_000;
/** Logs lag behind the ledger; they only add who changed what, so they are not waited for long. */
const LOG_PATIENCE_MS = 10_000;

export interface Followed {
  session: CheckoutSessionView;
  event: StripeEvent | undefined;
  ledger: LedgerEvent | undefined;
  order: Order | undefined;
  log: EventLogRecord[];
  /** Why the logs could not be read; null when they could. */
  logUnread: string | null;
  /** When the session was paid or expired; null when a person did it, unseen. */
  settledAt: Date | null;
}

/** Follows one session's event until every configured path delivered it, or the time is up. */
export async function followEvent(
  bench: Bench,
  session: CheckoutSessionView,
  orderId: string,
  proof: 'payment' | 'expiry',
  settledAt: Date | null,
  timeoutMs: number,
): Promise<Followed> {
  const { world } = bench;
  const until = Date.now() + timeoutMs;
  const paths = world.settings.webhook ? 2 : 1;
  const found: Followed = {
    session,
    event: undefined,
    ledger: undefined,
    order: undefined,
    log: [],
    logUnread: null,
    settledAt,
  };
  for (let pause = FIRST_POLL_MS; Date.now() < until; pause = Math.min(pause * 1.4, SLOWEST_POLL_MS)) {
    found.event ??= await eventOf(bench, session, proof);
    if (found.event) {
      const { events } = await operate(world, 'get-events', { eventIds: [found.event.id] });
      found.ledger = events[0];
      if (new Set(found.ledger?.arrivals.map((arrival) => arrival.via)).size >= paths) break;
    }
    await sleep(pause, undefined, { signal: bench.signal });
  }
  const [{ orders }, settled] = await Promise.all([
    operate(world, 'get-orders', { orderIds: [orderId] }),
    fresh(bench, () => world.stripe.checkoutSessions.retrieve(session.id)),
  ]);
  found.order = orders[0];
  found.session = settled ?? session;
  if (found.event)
    Object.assign(
      found,
      await readLog(
        bench,
        found.event.id,
        settledAt ?? new Date(found.event.created * 1000),
        found.ledger?.arrivals.length ?? 0,
      ),
    );
  return found;
}

/** The event that the payment, or the expiry, of a session made; undefined until Stripe shows it. */
export function eventOf(
  bench: Bench,
  session: CheckoutSessionView,
  proof: 'payment' | 'expiry',
): Promise<StripeEvent | undefined> {
  const type = proof === 'payment' ? 'checkout.session.completed' : 'checkout.session.expired';
  // A minute of margin for clocks that differ; the session's id decides.
  const since = Math.floor(Date.parse(session.createdAt) / 1000) - 60;
  return fresh(bench, async () => {
    const events = await bench.world.stripe.events.list({ types: [type], since }, 100);
    return events.find((event) => event.data.object.id === session.id);
  });
}

/** The logs only add detail: who may not read them still gets the proof from the ledger, and hears of it. */
async function readLog(
  bench: Bench,
  eventId: string,
  since: Date,
  arrivals: number,
): Promise<Pick<Followed, 'log' | 'logUnread'>> {
  const until = Date.now() + LOG_PATIENCE_MS;
  try {
    for (let pause = FIRST_POLL_MS; ; pause = Math.min(pause * 1.4, SLOWEST_POLL_MS)) {
      bench.world.forget('logs');
      const log = await readEventLog(bench.world, eventId, since);
      if (log.length >= arrivals || Date.now() > until) return { log, logUnread: null };
      await sleep(pause, undefined, { signal: bench.signal });
    }
  } catch (error) {
    if (error instanceof CannotLookError) return { log: [], logUnread: error.message };
    throw error;
  }
}

function fresh<T>(bench: Bench, look: () => Promise<T>): Promise<T> {
  bench.world.forget('stripe');
  return look();
}
