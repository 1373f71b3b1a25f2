import { expect, it } from 'vitest';
import type { LedgerEvent } from '../../../handlers/contract/ledger.js';
import type { Order } from '../../../handlers/contract/operations.js';
import { IdSet } from '../../../src/core/id-set.js';
import { paidWithoutStripe } from '../../../src/world/comparison/paid-orders.js';
import type { World } from '../../../src/world/world.js';
import { order, recordedAs } from './histories.js';

const SINCE = new Date('2026-11-25T00:00:00Z');
const WINDOW = { since: SINCE, until: new Date('2026-11-26T00:00:00Z') };
const [BEFORE, WITHIN] = ['2026-11-24T12:00:00.000Z', '2026-11-25T12:00:00.000Z'];

/** Stripe knows the session of order 3 as paid, for it, and that of order 4, for another. */
const SESSIONS: Record<string, object> = {
  cs_3: { id: 'cs_3', status: 'complete', paymentStatus: 'paid', metadata: { order_id: '3' } },
  cs_4: { id: 'cs_4', status: 'complete', paymentStatus: 'paid', metadata: { order_id: '7' } },
  cs_5: { id: 'cs_5', status: 'open', paymentStatus: 'unpaid', metadata: { order_id: '5' } },
  cs_7: {
    id: 'cs_7',
    status: 'complete',
    paymentStatus: 'no_payment_required',
    amountTotal: 2500,
    metadata: {},
  },
  cs_8: {
    id: 'cs_8',
    status: 'complete',
    paymentStatus: 'no_payment_required',
    amountTotal: 0,
    metadata: {},
  },
};

function worldOf(orders: Order[], events: LedgerEvent[]): World {
  const answers: Record<string, object> = { 'list-orders': { orders }, 'get-events': { events } };
  return {
    settings: { stack: { name: 'shop' } },
    stackOutputs: async () => ({ operationsFunctionName: 'operations' }),
    invoke: async (_name: string, payload: string) => ({
      functionError: null,
      payload: JSON.stringify({ ok: true, result: answers[JSON.parse(payload).operation] }),
    }),
    stripe: { checkoutSessions: { retrieve: async (id: string) => SESSIONS[id] } },
  } as unknown as World;
}

it('tells each order whose session Stripe does not know as paid, also where the ledger has a payment for it', async () => {
  const ids = ['1', '2', '3', '4', '5', '6', '7', '8'];
  const orders = ids.map((id) => order({ orderId: id, sessionId: `cs_${id}` }));
  const paidBy = (id: string, processedAt: string) => ({
    ...recordedAs('paid'),
    eventId: `evt_${id}`,
    sessionId: `cs_${id}`,
    orderId: id,
    processedAt,
  });
  const listed = new IdSet();
  listed.add('evt_1');
  const events = [
    paidBy('1', WITHIN),
    paidBy('2', BEFORE),
    paidBy('4', WITHIN),
    paidBy('5', WITHIN),
    paidBy('6', WITHIN),
  ];
  const { found } = await paidWithoutStripe(worldOf(orders, events), WINDOW, listed);
  expect(found.map(({ orderId, why }) => `${orderId}: ${why}`)).toEqual([
    '4: cs_4 pays for the order 7',
    '5: cs_5 is open, unpaid',
    '6: Stripe knows no session cs_6',
    // Put off, not free.
    '7: cs_7 is complete, no_payment_required',
  ]);
});
