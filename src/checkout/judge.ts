import type { World } from '../world/world.js';
import type { Followed } from './follow.js';
import type { CheckoutResult, Hop, PathResult } from './types.js';

type Judged = Omit<CheckoutResult, 'runId' | 'orderId' | 'database' | 'testOrderRemoved'>;

/** What the hop says where the function was reached, and took the request for somebody else's. */
export const REFUSED = 'reached, answered 400 (signature)';
const CHANGED = new Set(['paid', 'released']);

/** Decides what was proven: every configured path delivered, the order is settled, and it was changed once. */
export function judge(world: World, followed: Followed, proof: 'payment' | 'expiry'): Judged {
  const paths = configuredPaths(world).map((via) => pathResult(followed, via));
  const dead = paths.filter((path) => !path.delivered).map((path) => path.via);
  const settled =
    proof === 'payment'
      ? followed.order?.status === 'paid'
      : followed.order !== undefined && followed.order.status !== 'pending';
  const changes = paths.filter((path) => path.outcome !== null && CHANGED.has(path.outcome)).length;
  const passed = dead.length === 0 && settled && changes <= 1;
  return {
    proof,
    passed,
    summary: summarise(followed, proof, { dead, settled, changes }),
    sessionId: followed.session.id,
    paymentIntentId: followed.session.paymentIntentId,
    eventId: followed.event?.id ?? null,
    orderStatus: followed.order?.status ?? null,
    paths,
    hops: hopsOf(followed, paths, proof),
  };
}

function configuredPaths(world: World): PathResult['via'][] {
  return world.settings.webhook ? ['eventbridge', 'webhook'] : ['eventbridge'];
}

function pathResult(followed: Followed, via: PathResult['via']): PathResult {
  const arrival = followed.ledger?.arrivals.find((one) => one.via === via);
  const record = followed.log.find((one) => one.via === via);
  return {
    via,
    delivered: arrival !== undefined,
    arrivedAt: arrival?.receivedAt ?? null,
    outcome: record?.outcome ?? null,
  };
}

function summarise(
  followed: Followed,
  proof: 'payment' | 'expiry',
  { dead, settled, changes }: { dead: string[]; settled: boolean; changes: number },
): string {
  const order = followed.order?.status ?? 'missing';
  if (!followed.event)
    return `Stripe created no event for session ${followed.session.id} (it is ${followed.session.status}, ${followed.session.paymentStatus})`;
  const done = proof === 'payment' ? 'paid' : 'released';
  if (dead.length === 1 && dead[0] === 'webhook' && followed.refusal)
    return `webhook reached its function, which refused the signature of ${followed.event.id} (400): the stored signing secret is not the one that Stripe signs with; the order is ${settled ? `${done} all the same, by the other path` : order}`;
  if (dead.length > 0)
    return `${dead.join(' and ')} did not deliver ${followed.event.id}; the order is ${settled ? `${done} all the same, by the other path` : order}`;
  if (!settled) return `every path delivered ${followed.event.id}, but the order is ${order}`;
  if (changes > 1) return `the order was changed ${changes} times by one event`;
  const proven =
    proof === 'payment'
      ? 'the test order was paid once'
      : 'the test session expired and released its order once; payment itself was not exercised';
  return `${proven}, and every configured path delivered it`;
}

function hopsOf(followed: Followed, paths: PathResult[], proof: 'payment' | 'expiry'): Hop[] {
  const { event, ledger, session, order, settledAt } = followed;
  const hops: Hop[] = [
    {
      label: proof === 'payment' ? 'Session paid' : 'Session expired',
      detail: session.id,
      outcome: event ? 'reached' : 'failed',
      at: settledAt?.toISOString() ?? eventTime(followed),
      inferred: settledAt === null,
    },
    // Stripe's `created` has whole seconds, so it can read earlier than what caused it.
    {
      label: 'Event created',
      detail: event ? `${event.id} ${event.type}` : '',
      outcome: event ? 'reached' : 'not-reached',
      at: eventTime(followed),
      inferred: true,
    },
  ];
  const later = paths.flatMap((path) => pathHops(followed, path));
  later.push({
    label: 'Order committed',
    detail: order ? `id ${order.orderId}, status ${order.status}` : 'missing',
    outcome: ledger ? 'reached' : 'not-reached',
    at: ledger?.processedAt ?? null,
    inferred: false,
  });
  // In the order in which they happened; what never did comes last.
  return [...hops, ...later.sort((a, b) => (a.at ?? '9').localeCompare(b.at ?? '9'))];
}

function eventTime({ event, settledAt }: Followed): string | null {
  return event ? new Date(Math.max(event.created * 1000, settledAt?.getTime() ?? 0)).toISOString() : null;
}

function pathHops(followed: Followed, path: PathResult): Hop[] {
  const label = path.via === 'eventbridge' ? 'EventBridge -> function' : 'Webhook -> function';
  const detail =
    path.outcome === null
      ? ''
      : path.outcome === 'no-change'
        ? 'changed nothing, as it should'
        : path.outcome;
  const refusal = path.via === 'webhook' && !path.delivered ? followed.refusal : null;
  const arrived: Hop = {
    label,
    detail: refusal ? REFUSED : detail,
    outcome: path.delivered ? 'reached' : 'failed',
    at: path.arrivedAt ?? refusal?.receivedAt ?? null,
    inferred: false,
  };
  const envelopeTime = followed.log.find((record) => record.via === 'eventbridge')?.envelopeTime;
  if (path.via !== 'eventbridge' || !envelopeTime) return [arrived];
  // The envelope's time has whole seconds too.
  const at = new Date(
    Math.max(Date.parse(envelopeTime), Date.parse(eventTime(followed) ?? envelopeTime)),
  ).toISOString();
  return [
    { label: 'Partner event bus', detail: 'envelope written', outcome: 'reached', at, inferred: true },
    arrived,
  ];
}
