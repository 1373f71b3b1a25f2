import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { METADATA } from '../../handlers/contract/environment.js';
import type { StripeEvent } from '../../handlers/contract/stripe-event.js';
import type { Progress } from '../core/check.js';
import { CannotLookError } from '../core/errors.js';
import type { CheckoutSessionView } from '../stripe/checkout-sessions.js';
import type { Bench } from '../world/bench.js';
import { functionOf, type PathFunction, paymentPath } from '../world/payment-path.js';
import { type Arrival, arrivalAt } from './arrival.js';
import { eventOf } from './follow.js';
import { AMOUNT_MINOR, type CheckoutOptions, pay } from './pay.js';
import type { CheckoutResult, Hop, PathResult } from './types.js';

const FIRST_POLL_MS = 300;
const SLOWEST_POLL_MS = 5_000;

type Via = PathResult['via'];

interface Way {
  via: Via;
  handler: PathFunction;
}

/**
 * The proof in a stack of somebody else's: a marked session is paid (in live mode: expired), and its event is followed
 * to the functions by their logs and metrics. No ledger of ours is there, and no order is made: what the handler makes
 * of the event is its own affair, and is told as far as it shows.
 * @throws CannotLookError NOT_DEPLOYED, PATH_UNCLEAR
 */
export async function runTheirCheckout(
  bench: Bench,
  options: CheckoutOptions,
  progress: Progress,
): Promise<CheckoutResult> {
  const ways = await waysOf(bench);
  const runId = randomUUID();
  const proof = bench.world.stripe.shape.mode === 'live' ? 'expiry' : 'payment';
  const began = new Date();
  const session = await openSession(bench, runId);
  progress.note(`session ${session.id}`);
  if (proof === 'expiry') await bench.stripe.checkoutSessions.expire(session.id);
  else await pay(bench, session, AMOUNT_MINOR, options);
  progress.note(`${proof === 'payment' ? 'paid' : 'expired'}; following the event`);
  const { event, arrivals } = await follow(bench, session, proof, ways, began, options.timeoutMs);
  const paths = ways.map(({ via }) => pathResult(via, arrivals.get(via)));
  return {
    proof,
    passed: event !== undefined && paths.every((path) => path.delivered),
    summary: summarise(session, event, ways, arrivals),
    runId,
    orderId: null,
    sessionId: session.id,
    paymentIntentId: session.paymentIntentId,
    eventId: event?.id ?? null,
    orderStatus: null,
    paths,
    hops: hopsOf(session, event, proof, ways, arrivals),
    testOrderRemoved: false,
  };
}

async function waysOf({ world }: Bench): Promise<Way[]> {
  const path = await paymentPath(world);
  const event = path && functionOf(path, 'event');
  if (!path || !event)
    throw new CannotLookError({
      code: 'NOT_DEPLOYED',
      message: `No function of the stack ${world.settings.stack.name} gets Stripe's events, so there is nothing to prove.`,
      next: ['cachao doctor says what is missing.'],
    });
  const webhook = path.api && functionOf(path, 'webhook');
  return [
    { via: 'eventbridge', handler: event },
    ...(webhook ? [{ via: 'webhook' as const, handler: webhook }] : []),
  ];
}

function openSession(bench: Bench, runId: string): Promise<CheckoutSessionView> {
  const { settings } = bench.world;
  return bench.stripe.checkoutSessions.create(
    {
      amountMinor: AMOUNT_MINOR,
      currency: settings.currency,
      productName: 'cachao test ticket',
      clientReferenceId: runId,
      metadata: { [METADATA.stage]: settings.stage, [METADATA.run]: runId },
    },
    `cachao:checkout:${runId}`,
  );
}

async function follow(
  bench: Bench,
  session: CheckoutSessionView,
  proof: CheckoutResult['proof'],
  ways: readonly Way[],
  began: Date,
  timeoutMs: number,
): Promise<{ event: StripeEvent | undefined; arrivals: Map<Via, Arrival> }> {
  const until = Date.now() + timeoutMs;
  const arrivals = new Map<Via, Arrival>();
  let event: StripeEvent | undefined;
  for (let pause = FIRST_POLL_MS; ; pause = Math.min(pause * 1.4, SLOWEST_POLL_MS)) {
    event ??= await eventOf(bench, session, proof);
    bench.world.forget('logs', 'cloudwatch');
    for (const { via, handler } of ways) {
      const arrival = event && (await arrivalAt(bench.world, handler, event.id, began));
      if (arrival) arrivals.set(via, arrival);
    }
    if (arrivals.size === ways.length || Date.now() > until) return { event, arrivals };
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
  event: StripeEvent | undefined,
  ways: readonly Way[],
  arrivals: ReadonlyMap<Via, Arrival>,
): string {
  if (!event) return `Stripe created no event for session ${session.id}`;
  const dead = ways.filter(({ via }) => !arrivals.has(via)).map(({ via }) => via);
  if (dead.length > 0) return `${dead.join(' and ')} did not deliver ${event.id}`;
  const failed = ways
    .filter(({ via }) => (arrivals.get(via)?.errors ?? 0) > 0)
    .map(({ handler }) => handler.name);
  const told =
    failed.length > 0
      ? `${failed.join(' and ')} failed on it, which is right for an order that does not exist, and a look at its log is worth it`
      : 'whether it would have marked an order as paid was not exercised';
  return `every configured path delivered ${event.id} to its function; ${told}`;
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
