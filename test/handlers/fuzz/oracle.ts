import { type FuzzCase, type FuzzOrder, TYPES } from './cases.js';

/** What has to come of a case: the answer (an outcome or an error's code), and the order afterwards. */
export interface Expected {
  answer: string;
  order: FuzzOrder & { sold: number };
}

type Json = Record<string, unknown>;

/** The stage: test mode, euro, no other products, no connected accounts. Orders are of two tickets. */
export function expect(orderId: string, { order, event, delivery }: FuzzCase): Expected {
  const untouched = { ...order, sold: 0 };
  const stays = (answer: string): Expected => ({ answer, order: untouched });
  if (delivery.via === 'webhook' && !delivery.isGenuine) return stays('400');
  if (!isEvent(event)) return stays('MALFORMED_EVENT');
  if (delivery.via === 'eventbridge' && delivery.detailType !== event.type) return stays('MALFORMED_EVENT');
  if (event.livemode) return stays('LIVEMODE_MISMATCH');
  if (!TYPES.includes(event.type as string)) return stays('ignored-type');
  const session = (event.data as { object: Json }).object;
  if (!isSession(session, event.type as string)) return stays('MALFORMED_EVENT');
  if (session.livemode) return stays('LIVEMODE_MISMATCH');
  const metadata = (session.metadata ?? {}) as Record<string, string>;
  if (metadata.cachao_stage && metadata.cachao_stage !== 'test') return stays('other-stage');
  if (event.account) return stays('CONNECTED_ACCOUNT');
  if (!metadata.order_id) return stays('MISSING_ORDER_ID');
  if (metadata.order_id !== orderId) return stays('UNKNOWN_ORDER');
  const change = changeOf(order, session, event.type as string);
  return typeof change === 'string'
    ? stays(change)
    : { answer: change.answer, order: { ...untouched, ...change.order } };
}

function isEvent(event: Json): boolean {
  const { id, object, type, created, livemode, data, account } = event as Json & {
    data?: { object?: unknown };
  };
  const isTime =
    typeof created === 'number' && created >= 0 && created % 1 === 0 && created < 253_402_300_800;
  return (
    typeof id === 'string' &&
    /^evt_[A-Za-z0-9_]+$/.test(id) &&
    object === 'event' &&
    typeof type === 'string' &&
    isTime &&
    typeof livemode === 'boolean' &&
    (account === undefined || account === null || typeof account === 'string') &&
    typeof data === 'object' &&
    data !== null &&
    typeof data.object === 'object' &&
    data.object !== null
  );
}

function isSession(session: Json, type: string): boolean {
  const absent = (value: unknown) => value === null || value === undefined;
  const amount = (value: unknown) => absent(value) || (Number.isSafeInteger(value) && Number(value) >= 0);
  const isText = (value: unknown) => typeof value === 'string';
  const ending = type.endsWith('expired') ? 'expired' : 'complete';
  const { payment_intent: intent, metadata } = session;
  return (
    session.object === 'checkout.session' &&
    isText(session.id) &&
    String(session.id).startsWith('cs_') &&
    isText(session.payment_status) &&
    ['paid', 'unpaid', 'no_payment_required'].includes(String(session.payment_status)) &&
    (absent(session.status) || session.status === ending) &&
    typeof session.livemode === 'boolean' &&
    amount(session.amount_total) &&
    amount(session.amount_subtotal) &&
    (absent(session.currency) || isText(session.currency)) &&
    (absent(metadata) || (typeof metadata === 'object' && Object.values(metadata as Json).every(isText))) &&
    (absent(intent) || isText(intent) || (typeof intent === 'object' && isText((intent as Json).id)))
  );
}

/** The answer where the order stays; else the answer and what changes. */
function changeOf(
  order: FuzzOrder,
  session: Json,
  type: string,
): string | { answer: string; order: Partial<Expected['order']> } {
  const state = order.status.toLowerCase();
  const payable = ['pending', 'expired', 'failed'].includes(state);
  const others = order.sessionId !== null && order.sessionId !== '' && order.sessionId !== session.id;
  const total = session.amount_total as number | null | undefined;
  const isEnd = type === 'checkout.session.expired' || type === 'checkout.session.async_payment_failed';
  if (isEnd) {
    if (state !== 'pending' || others) return 'no-change';
    return { answer: 'released', order: { status: type.endsWith('expired') ? 'expired' : 'failed' } };
  }
  const free = session.payment_status === 'no_payment_required' && (total ?? 0) === 0;
  const paid = session.payment_status === 'paid' || free;
  if (!paid && type === 'checkout.session.async_payment_succeeded') return 'MALFORMED_EVENT';
  if (!paid && !payable) return 'no-change';
  if (paid && state === 'paid' && others) return 'SESSION_MISMATCH';
  const minor = total ?? (session.payment_status === 'no_payment_required' ? 0 : undefined);
  if (minor === undefined) return 'MALFORMED_EVENT';
  const currency =
    typeof session.currency === 'string' ? session.currency.toLowerCase() : minor === 0 ? 'eur' : 'none';
  if (currency !== 'eur') return 'CURRENCY_MISMATCH';
  if (minor !== Math.round(Number(order.total) * 100)) return 'AMOUNT_MISMATCH';
  if (!paid) return 'awaiting-payment';
  if (state === 'paid') return 'no-change';
  if (!payable) return 'ORDER_NOT_PAYABLE';
  return { answer: 'paid', order: { status: 'paid', sessionId: session.id as string, sold: 2 } };
}
