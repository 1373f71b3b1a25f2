import { setTimeout as sleep } from 'node:timers/promises';
import { SECRET_REFRESH_MS } from '../../handlers/contract/environment.js';
import type { EventLogRecord, LedgerEvent } from '../../handlers/contract/ledger.js';
import type { Order } from '../../handlers/contract/operations.js';
import type { RefusalLogRecord } from '../../handlers/contract/refusal.js';
import type { StripeEvent } from '../../handlers/contract/stripe-event.js';
import { CannotLookError, undefinedIfUnavailable } from '../core/errors.js';
import type { CheckoutSessionView } from '../stripe/checkout-sessions.js';
import type { Bench } from '../world/bench.js';
import { readEventLog, readRefusals } from '../world/handler-logs.js';
import { operate } from '../world/operations.js';

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
  /** The webhook function refused a request that says it is this event; null where none was. */
  refusal: RefusalLogRecord | null;
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
    refusal: null,
    logUnread: null,
    settledAt,
  };
  for (let pause = FIRST_POLL_MS; Date.now() < until; pause = Math.min(pause * 1.4, SLOWEST_POLL_MS)) {
    found.event ??= await eventOf(bench, session, proof);
    if (found.event) {
      const { events } = await operate(world, 'get-events', { eventIds: [found.event.id] });
      found.ledger = events[0];
      const arrived = new Set(found.ledger?.arrivals.map((arrival) => arrival.via));
      if (arrived.size >= paths) break;
      if (paths === 2 && !arrived.has('webhook')) {
        found.refusal = await refusalOf(bench, found.event);
        if (arrived.size === 1 && isFinal(found.refusal)) break;
      }
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

/** A function that still held an older secret would have read the newer one by now; Stripe tries again in an hour or so. */
function isFinal(refusal: RefusalLogRecord | null): boolean {
  return refusal !== null && Date.now() - Date.parse(refusal.receivedAt) > SECRET_REFRESH_MS + 2_000;
}

/** Asked seldom: it shows within seconds, and only where something is wrong. */
async function refusalOf({ world }: Bench, { id, created }: StripeEvent): Promise<RefusalLogRecord | null> {
  world.forget('logs');
  const since = new Date(created * 1000 - 60_000);
  return (await undefinedIfUnavailable(readRefusals(world, { eventId: id, since })))?.at(-1) ?? null;
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
