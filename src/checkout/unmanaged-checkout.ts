import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { METADATA } from '../../handlers/contract/environment.js';
import type { StripeEvent } from '../../handlers/contract/stripe-event.js';
import type { Progress } from '../core/check.js';
import { CannotLookError } from '../core/errors.js';
import type { CheckoutSessionView } from '../stripe/checkout-sessions.js';
import type { Bench } from '../world/bench.js';
import { deliveryWays } from '../world/delivery-ways.js';
import { functionOf, type PathFunction, paymentPath } from '../world/payment-path.js';
import { type Arrival, arrivalAt } from './arrival.js';
import { closeSession } from './close-session.js';
import { eventOf } from './follow.js';
import { AMOUNT_MINOR, type CheckoutOptions, pay } from './pay.js';
import type { CheckoutResult, Hop, PathResult } from './types.js';
import { ORDERED, openTheirOrders, type UnmanagedOrders } from './unmanaged-orders.js';

const FIRST_POLL_MS = 300;
const SLOWEST_POLL_MS = 5_000;

type Via = PathResult['via'];

interface Way {
  via: Via;
  handler: PathFunction;
}

/**
 * The proof in a stack of somebody else's: a marked session is paid (in live mode: expired), and its event is followed
 * to the functions by their logs and metrics: there is no ledger of ours. With a database, there is a test order too,
 * which has to end up paid; without one, what the handler makes of the event is told as far as it shows.
 * @throws CannotLookError NOT_DEPLOYED, PATH_UNCLEAR, and what opening the database throws
 */
export async function runTheirCheckout(
  bench: Bench,
  options: CheckoutOptions,
  progress: Progress,
): Promise<CheckoutResult> {
  const ways = await waysOf(bench);
  const orders = await openTheirOrders(bench.world);
  try {
    return await prove(bench, options, progress, ways, orders);
  } finally {
    await orders?.close();
  }
}

async function prove(
  bench: Bench,
  options: CheckoutOptions,
  progress: Progress,
  ways: readonly Way[],
  orders: UnmanagedOrders | undefined,
): Promise<CheckoutResult> {
  const runId = randomUUID();
  const proof = bench.world.stripe.shape.mode === 'live' ? 'expiry' : 'payment';
  const began = new Date();
  const orderId = (await orders?.create(runId, AMOUNT_MINOR, bench.world.settings.currency)) ?? null;
  let testOrderRemoved = false;
  let followed: Followed;
  let session: CheckoutSessionView;
  let open: string | null = null;
  try {
    session = await openSession(bench, runId, orderId);
    open = session.id;
    progress.note(orderId ? `test order ${orderId}, session ${session.id}` : `session ${session.id}`);
    if (orderId) await orders?.attach(orderId, session.id);
    if (proof === 'expiry') await bench.stripe.checkoutSessions.expire(session.id);
    else await pay(bench, session, AMOUNT_MINOR, options);
    progress.note(`${proof === 'payment' ? 'paid' : 'expired'}; following the event`);
    followed = await follow(bench, {
      session,
      proof,
      ways,
      orders,
      orderId,
      began,
      timeoutMs: options.timeoutMs,
    });
    if (followed.event) open = null;
    if (orderId) followed.soldQuantity = await orders?.soldQuantity();
  } finally {
    if (open) await closeSession(bench, open, progress);
    testOrderRemoved = (await orders?.remove()) ?? false;
  }
  const { event, arrivals, orderStatus } = followed;
  const paths = ways.map(({ via }) => pathResult(via, arrivals.get(via)));
  const settled = orderId === null || isSettled(proof, orderStatus);
  const countedOnce = (followed.soldQuantity ?? 0) <= ORDERED;
  return {
    proof,
    passed: event !== undefined && settled && countedOnce && paths.every((path) => path.delivered),
    summary: summarise(session, ways, followed, { orderId, proof, settled }),
    runId,
    orderId,
    sessionId: session.id,
    paymentIntentId: session.paymentIntentId,
    eventId: event?.id ?? null,
    orderStatus: orderStatus ?? null,
    paths,
    hops: hopsOf(session, event, proof, ways, arrivals),
    database: [],
    testOrderRemoved,
  };
}

function isSettled(proof: CheckoutResult['proof'], status: string | undefined): boolean {
  return proof === 'payment' ? status === 'paid' : status !== undefined && status !== 'pending';
}

async function waysOf({ world }: Bench): Promise<Way[]> {
  const [path, meant] = await Promise.all([paymentPath(world), deliveryWays(world)]);
  const event = path && meant.eventbridge ? functionOf(path, 'event') : undefined;
  const webhook = path?.api && meant.webhook ? functionOf(path, 'webhook') : undefined;
  if (!event && (meant.eventbridge || !webhook))
    throw new CannotLookError({
      code: 'NOT_DEPLOYED',
      message: `No function of the stack ${world.settings.stack.name} gets Stripe's events, so there is nothing to prove.`,
      next: ['cachao doctor says what is missing.'],
    });
  return [
    ...(event ? [{ via: 'eventbridge' as const, handler: event }] : []),
    ...(webhook ? [{ via: 'webhook' as const, handler: webhook }] : []),
  ];
}

function openSession(bench: Bench, runId: string, orderId: string | null): Promise<CheckoutSessionView> {
  const { settings } = bench.world;
  return bench.stripe.checkoutSessions.create(
    {
      amountMinor: AMOUNT_MINOR,
      currency: settings.currency,
      productName: 'cachao test ticket',
      clientReferenceId: orderId ?? runId,
      metadata: {
        ...(orderId === null ? {} : { [METADATA.orderId]: orderId }),
        [METADATA.stage]: settings.stage,
        [METADATA.run]: runId,
      },
    },
    `cachao:checkout:${runId}`,
  );
}

interface Following {
  session: CheckoutSessionView;
  proof: CheckoutResult['proof'];
  ways: readonly Way[];
  orders: UnmanagedOrders | undefined;
  orderId: string | null;
  began: Date;
  timeoutMs: number;
}

interface Followed {
  event: StripeEvent | undefined;
  arrivals: Map<Via, Arrival>;
  orderStatus: string | undefined;
  /** Of the test order's ticket, at the end; undefined where there is no test order. */
  soldQuantity?: number | undefined;
}

async function follow(bench: Bench, what: Following): Promise<Followed> {
  const { session, proof, ways, orders, orderId } = what;
  const until = Date.now() + what.timeoutMs;
  const found: Followed = { event: undefined, arrivals: new Map(), orderStatus: undefined };
  for (let pause = FIRST_POLL_MS; ; pause = Math.min(pause * 1.4, SLOWEST_POLL_MS)) {
    found.event ??= await eventOf(bench, session, proof);
    bench.world.forget('logs', 'cloudwatch');
    for (const { via, handler } of ways) {
      const arrival = found.event && (await arrivalAt(bench.world, handler, found.event.id, what.began));
      if (arrival) found.arrivals.set(via, arrival);
    }
    if (orderId) found.orderStatus = await orders?.status(orderId);
    const settled = orderId === null || isSettled(proof, found.orderStatus);
    if ((found.arrivals.size === ways.length && settled) || Date.now() > until) return found;
    await sleep(pause, undefined, { signal: bench.signal });
  }
}

function pathResult(via: Via, arrival: Arrival | undefined): PathResult {
  return {
    via,
    delivered: arrival !== undefined,
    arrivedAt: arrival?.at ?? null,
    outcome: arrival && arrival.errors > 0 ? 'failed' : null,
  };
}

function summarise(
  session: CheckoutSessionView,
  ways: readonly Way[],
  { event, arrivals, orderStatus, soldQuantity = 0 }: Followed,
  { orderId, proof, settled }: { orderId: string | null; proof: CheckoutResult['proof']; settled: boolean },
): string {
  if (!event) return `Stripe created no event for session ${session.id}`;
  const dead = ways.filter(({ via }) => !arrivals.has(via)).map(({ via }) => via);
  if (dead.length > 0) return `${dead.join(' and ')} did not deliver ${event.id}`;
  const delivered = `every configured path delivered ${event.id} to its function`;
  if (soldQuantity > ORDERED)
    return `${delivered}, and the payment was counted more than once: the test order is of ${ORDERED} ticket, and sold_quantity of that ticket is ${soldQuantity}`;
  if (orderId !== null)
    return settled
      ? `the test order was ${proof === 'payment' ? 'paid' : 'released'}, and ${delivered}`
      : `${delivered}, but the order is ${orderStatus ?? 'gone'}`;
  const failed = ways
    .filter(({ via }) => (arrivals.get(via)?.errors ?? 0) > 0)
    .map(({ handler }) => handler.name);
  return failed.length > 0
    ? `${delivered}; ${failed.join(' and ')} failed on it: there is no such order, and its log tells whether that is why`
    : `${delivered}; whether it marks an order as paid was not tested, because --database was not given`;
}

function hopsOf(
  session: CheckoutSessionView,
  event: StripeEvent | undefined,
  proof: CheckoutResult['proof'],
  ways: readonly Way[],
  arrivals: ReadonlyMap<Via, Arrival>,
): Hop[] {
  const createdAt = event ? new Date(event.created * 1000).toISOString() : null;
  return [
    {
      label: proof === 'payment' ? 'Session paid' : 'Session expired',
      detail: session.id,
      outcome: event ? 'reached' : 'failed',
      at: createdAt,
      inferred: true,
    },
    {
      label: 'Event created',
      detail: event ? `${event.id} ${event.type}` : '',
      outcome: event ? 'reached' : 'not-reached',
      at: createdAt,
      inferred: true,
    },
    ...ways.map(({ via, handler }): Hop => {
      const arrival = arrivals.get(via);
      return {
        label: via === 'eventbridge' ? 'EventBridge -> function' : 'Webhook -> function',
        detail: `${handler.name}${arrival?.shownBy === 'metric' ? ', by its metric' : ''}`,
        outcome: arrival ? 'reached' : 'failed',
        at: arrival?.at ?? null,
        inferred: arrival?.shownBy === 'metric',
      };
    }),
  ];
}
