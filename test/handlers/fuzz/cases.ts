import { createHmac } from 'node:crypto';
import type { Random } from './random.js';

/** An order as the shop's table has it before the event. */
export interface FuzzOrder {
  status: string;
  total: string;
  sessionId: string | null;
}

export interface FuzzCase {
  order: FuzzOrder;
  /** The event's JSON, wild members included; the order's id stands in for `{order}`. */
  event: Record<string, unknown>;
  /** How it comes. */
  delivery: Envelope | SignedRequest;
}

interface Envelope {
  via: 'eventbridge';
  /** The envelope's own type, which has to be the event's. */
  detailType: string;
}

interface SignedRequest {
  via: 'webhook';
  /** Whether Stripe's rules accept the signature; told by who made it. */
  isGenuine: boolean;
  sign(body: string): { headers: Record<string, string>; body: string; isBase64Encoded: boolean };
}

export const TYPES = [
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'checkout.session.expired',
];
const STATES = [
  'pending',
  'pending',
  'pending',
  'paid',
  'expired',
  'failed',
  'cancelled',
  'refunded',
  'Pending',
  'PAID',
];
const WILD: unknown[] = [
  null,
  undefined,
  '',
  'paid',
  'maybe',
  0,
  1,
  -1,
  2500,
  '2500',
  true,
  [],
  ['paid'],
  ['unpaid'],
  {},
  { toString: 1 },
  1.5,
  1e300,
  2 ** 53,
];

export function makeCase(random: Random, secret: string, nowSeconds: number): FuzzCase {
  const own = `cs_test_${random.hex(16)}`;
  const order: FuzzOrder = {
    status: random.pick(STATES),
    total: random.pick(['25.00', '25.00', '25.00', '0.00', '0.01', '99999.99']),
    sessionId: random.pick([null, '', own, own, `cs_test_${random.hex(16)}`]),
  };
  const event = makeEvent(random, order, own);
  const delivery = random.chance(0.6)
    ? {
        via: 'eventbridge' as const,
        detailType: random.chance(0.02)
          ? 'charge.refunded'
          : typeof event.type === 'string'
            ? event.type
            : 'none',
      }
    : makeSigned(random, secret, nowSeconds);
  return { order, event, delivery };
}

function makeEvent(random: Random, order: FuzzOrder, sessionId: string): Record<string, unknown> {
  const type = random.chance(0.04)
    ? 'invoice.paid'
    : random.pick([...TYPES, TYPES[0] as string, TYPES[0] as string]);
  const fits = type === 'checkout.session.expired' ? 'expired' : 'complete';
  const amount = random.chance(0.85)
    ? Math.round(Number(order.total) * 100)
    : random.pick([0, 1, 2499, 2501, 250_000]);
  const object: Record<string, unknown> = {
    id: sessionId,
    object: 'checkout.session',
    payment_status: random.pick(['paid', 'paid', 'paid', 'unpaid', 'no_payment_required']),
    status: random.chance(0.95) ? fits : random.pick(['open', 'complete', 'expired', null]),
    amount_total: amount,
    amount_subtotal: amount,
    currency: random.chance(0.93) ? random.pick(['eur', 'EUR']) : random.pick(['usd', 'jpy', null]),
    livemode: random.chance(0.02),
    payment_intent: random.pick([`pi_${random.hex(12)}`, { id: `pi_${random.hex(12)}` }, null]),
    metadata: makeMetadata(random),
  };
  const event: Record<string, unknown> = {
    id: `evt_${random.hex(20)}`,
    object: 'event',
    type,
    api_version: '2026-10-28.endive',
    created: 1_790_000_000 + random.below(1_000_000),
    livemode: random.chance(0.02),
    data: { object },
    ...(random.chance(0.05) ? { account: random.pick(['acct_other', null, '']) } : {}),
  };
  if (random.chance(0.2)) object[random.pick(Object.keys(object))] = random.pick(WILD);
  if (random.chance(0.05)) event[random.pick(Object.keys(event))] = random.pick(WILD);
  return event;
}

function makeMetadata(random: Random): unknown {
  if (random.chance(0.05)) return random.pick([null, {}, { order_id: '' }, { order_id: 7 }]);
  const id = random.chance(0.9)
    ? '{order}'
    : random.pick(['{order}x', ' {order}', '{order}.0', '0{order}', '1e3', '-{order}']);
  return {
    order_id: id,
    ...(random.chance(0.5) ? { cachao_stage: random.chance(0.9) ? 'test' : 'other' } : {}),
  };
}

function makeSigned(random: Random, secret: string, nowSeconds: number): SignedRequest {
  const fault = random.pick([
    'none',
    'none',
    'none',
    'secret',
    'body',
    'old',
    'v0',
    'missing',
    'cut',
    'time',
    'garbage',
  ] as const);
  const isBase64Encoded = random.chance(0.3);
  const name = random.pick(['Stripe-Signature', 'stripe-signature', 'STRIPE-SIGNATURE']);
  const extra = random.chance(0.2) ? `,v1=${random.hex(64)}` : '';
  return {
    via: 'webhook',
    isGenuine: fault === 'none',
    sign(body) {
      const time = nowSeconds - (fault === 'old' ? 301 + random.below(100_000) : random.below(60));
      const mac = (key: string, text: string) =>
        createHmac('sha256', key).update(`${time}.${text}`).digest('hex');
      const genuine = mac(fault === 'secret' ? `${secret}x` : secret, fault === 'body' ? `${body} ` : body);
      const signature = {
        v0: `t=${time},v0=${genuine}`,
        cut: `t=${time},v1=${genuine.slice(0, 63)}`,
        time: `t=${time + 1},v1=${genuine}`,
        garbage: random.pick(['', 't=', 'v1=', `v1=${genuine}`, 't=1e9,v1=zz', ',,,']),
      }[fault as 'v0' | 'cut' | 'time' | 'garbage'];
      const header = signature ?? `t=${time}${extra},v1=${genuine}`;
      return {
        headers: fault === 'missing' ? {} : { [name]: header },
        body: isBase64Encoded ? Buffer.from(body).toString('base64') : body,
        isBase64Encoded,
      };
    },
  };
}
