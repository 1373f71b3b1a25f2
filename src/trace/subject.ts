import type { LedgerEvent } from '../../handlers/contract/ledger.js';
import type { Order } from '../../handlers/contract/operations.js';
import { HANDLED_EVENT_TYPES, type StripeEvent } from '../../handlers/contract/stripe-event.js';
import { CachaoError, CannotLookError } from '../core/errors.js';
import type { CheckoutSessionView } from '../stripe/checkout-sessions.js';
import { orderIdOf } from '../world/comparison/events.js';
import { isPayment } from '../world/comparison/payment.js';
import { operate } from '../world/operations.js';
import type { World } from '../world/world.js';
import type { SubjectId } from './subject-id.js';

/** A payment, as far as it is known: what Stripe, the ledger and the orders say of it. */
export interface Subject {
  /** The event that decides; undefined while there is none, or where Stripe has forgotten it. */
  event: StripeEvent | undefined;
  otherEvents: StripeEvent[];
  session: CheckoutSessionView | undefined;
  ledger: LedgerEvent[];
  order: Order | undefined;
  /** Why ledger and orders could not be asked; empty where they were. */
  unseen: string[];
}

interface Database {
  ledger: LedgerEvent[];
  order: Order | undefined;
  unseen: string[];
}

const HOUR_S = 3600;
/** Most pay within the hour; a session lives a day; a delayed payment method may take days more to settle. */
const SEARCHED_S: readonly [from: number, to: number][] = [
  [0, 2 * HOUR_S],
  [2 * HOUR_S, 25 * HOUR_S],
  [25 * HOUR_S, 15 * 24 * HOUR_S],
];
/** As many pages of Stripe's events as are searched of each. */
const MOST_PAGES = 20;

/** Finds all that belongs together. @throws EVENT_UNKNOWN, SESSION_UNKNOWN, PAYMENT_UNKNOWN, ORDER_UNKNOWN, ORDERS_UNSEEN */
export async function findSubject(world: World, { kind, id }: SubjectId): Promise<Subject> {
  if (kind === 'event') return byEvent(world, id);
  if (kind === 'session') return bySession(world, await sessionNamed(world, id));
  if (kind === 'payment') return byPayment(world, id);
  return byOrder(world, id);
}

async function byEvent(world: World, id: string): Promise<Subject> {
  const [event, { ledger, ...rest }] = await Promise.all([
    world.stripe.events.retrieve(id),
    askDatabase(world, { eventIds: [id] }, {}),
  ]);
  if (!event && ledger.length === 0) throw eventUnknown(world, id);
  const sessionId = (event?.data.object.id as string | undefined) ?? ledger[0]?.sessionId ?? '';
  const session = sessionId.startsWith('cs_')
    ? await world.stripe.checkoutSessions.retrieve(sessionId)
    : undefined;
  const orderId = (event && orderIdOf(event)) ?? ledger[0]?.orderId ?? session?.metadata.order_id;
  const { order } = orderId ? await askDatabase(world, {}, { orderIds: [orderId] }) : rest;
  const events = session ? await eventsOf(world, session) : [];
  return {
    event,
    otherEvents: events.filter((one) => one.id !== id),
    session,
    ledger,
    order,
    unseen: rest.unseen,
  };
}

async function bySession(world: World, session: CheckoutSessionView): Promise<Subject> {
  const orderId = session.metadata.order_id;
  const [events, { ledger, order, unseen }] = await Promise.all([
    eventsOf(world, session),
    askDatabase(
      world,
      { sessionIds: [session.id] },
      orderId ? { orderIds: [orderId] } : { sessionIds: [session.id] },
    ),
  ]);
  const event = events.find(isPayment) ?? events[0];
  return {
    event,
    otherEvents: events.filter((one) => one !== event),
    session,
    // Stripe forgets an event after 30 days; the ledger does not.
    ledger: event ? ledger.filter((one) => one.eventId === event.id) : ledger,
    order,
    unseen,
  };
}

async function byPayment(world: World, id: string): Promise<Subject> {
  const session = await world.stripe.checkoutSessions.ofPayment(id);
  if (session) return bySession(world, session);
  const { order } = await askDatabase(world, {}, { paymentIntentIds: [id] });
  if (order?.sessionId) return bySession(world, await sessionNamed(world, order.sessionId));
  throw new CachaoError({
    code: 'PAYMENT_UNKNOWN',
    message: `Stripe knows no Checkout Session that was paid by ${id} (${world.settings.mode} mode).`,
    why: 'The payment is of another account or mode, or was not made by Checkout: then no order hangs on it.',
    next: [
      'Give the session (cs_…) or the event (evt_…) instead; the Stripe dashboard shows both with the payment.',
    ],
  });
}

async function byOrder(world: World, id: string): Promise<Subject> {
  const { order, unseen } = await askDatabase(world, {}, { orderIds: [id] });
  if (unseen[0] !== undefined) throw ordersUnseen(id, unseen[0]);
  if (!order)
    throw new CachaoError({
      code: 'ORDER_UNKNOWN',
      message: `There is no order ${id} in the database of stage ${world.settings.stage}.`,
      next: ['Check the id and the stage (--stage); or give the session, payment intent or event.'],
    });
  const session = order.sessionId ? await world.stripe.checkoutSessions.retrieve(order.sessionId) : undefined;
  if (session) return { ...(await bySession(world, session)), order };
  return { event: undefined, otherEvents: [], session: undefined, ledger: [], order, unseen: [] };
}

function ordersUnseen(id: string, why: string): CachaoError {
  return new CannotLookError({
    code: 'ORDERS_UNSEEN',
    message: `The order ${id} cannot be looked up. ${why}`,
    next: ['Give the session (cs_…), the payment intent (pi_…) or the event (evt_…) instead.'],
  });
}

async function sessionNamed(world: World, id: string): Promise<CheckoutSessionView> {
  const session = await world.stripe.checkoutSessions.retrieve(id);
  if (session) return session;
  throw new CachaoError({
    code: 'SESSION_UNKNOWN',
    message: `Stripe knows no session ${id} (${world.settings.mode} mode).`,
    why: 'It is of another Stripe account, or mistyped.',
    next: ['Check the id, and that the Stripe key is of the account where the payment was made.'],
  });
}

/** The session's events of the handled types, newest first; none that are older than 30 days. */
async function eventsOf(world: World, session: CheckoutSessionView): Promise<StripeEvent[]> {
  if (session.status === 'open') return [];
  const found: StripeEvent[] = [];
  for (const [from, to] of SEARCHED_S) {
    found.unshift(...(await eventsWithin(world, session, from, to)));
    if (found.some((event) => isPayment(event) || event.type === 'checkout.session.expired')) break;
  }
  return found;
}

async function eventsWithin(
  world: World,
  session: CheckoutSessionView,
  from: number,
  to: number,
): Promise<StripeEvent[]> {
  const created = Math.floor(Date.parse(session.createdAt) / 1000);
  const window = { types: [...HANDLED_EVENT_TYPES], since: created + from, until: created + to };
  const found: StripeEvent[] = [];
  let next: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await world.stripe.eventPage(window, next);
    found.push(...answer.items.filter((event) => event.data.object.id === session.id));
    next = answer.next;
    if (next === null) break;
  }
  return found;
}

const NO_DATABASE =
  "Ledger and orders: the stack is not cachao's own, so the orders database cannot be asked.";

/** Ledger and orders. A database that is away is no reason not to tell the rest. */
async function askDatabase(
  world: World,
  events: { eventIds?: string[]; sessionIds?: string[] },
  orders: { orderIds?: string[]; sessionIds?: string[]; paymentIntentIds?: string[] },
): Promise<Database> {
  if (!world.settings.stack.managed) return { ledger: [], order: undefined, unseen: [NO_DATABASE] };
  try {
    const [ledger, found] = await Promise.all([
      Object.keys(events).length > 0 ? operate(world, 'get-events', events) : { events: [] },
      Object.keys(orders).length > 0 ? operate(world, 'get-orders', orders) : { orders: [] },
    ]);
    return { ledger: ledger.events, order: found.orders[0], unseen: [] };
  } catch (error) {
    if (!(error instanceof CannotLookError)) throw error;
    return { ledger: [], order: undefined, unseen: [`Ledger and orders: ${error.message}`] };
  }
}

function eventUnknown(world: World, id: string): CachaoError {
  return new CachaoError({
    code: 'EVENT_UNKNOWN',
    message: `Stripe knows no event ${id} in this account (${world.settings.mode} mode), and neither does the ledger.`,
    why: 'It is older than 30 days (Stripe keeps none longer), of another account or mode, or mistyped.',
    next: [
      'For an older payment give the session (cs_…), the payment intent (pi_…) or the order: those do not expire.',
    ],
  });
}
