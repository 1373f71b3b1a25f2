import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../../handlers/contract/ledger.js';
import type { StripeEvent } from '../../../handlers/contract/stripe-event.js';
import { IdSet } from '../../../src/core/id-set.js';
import { unconfirmedRows } from '../../../src/world/comparison/unconfirmed-rows.js';
import type { World } from '../../../src/world/world.js';
import { order, paidEvent, recordedAs } from './histories.js';

const DAY = 24 * 3_600_000;
const ago = (milliseconds: number) => new Date(Date.now() - milliseconds);
const WINDOW = { since: ago(DAY), until: new Date() };

const row = (eventId: string, createdAt: Date, changes: Partial<LedgerEvent> = {}): LedgerEvent => ({
  ...recordedAs('paid', ['replay']),
  eventId,
  createdAt: createdAt.toISOString(),
  processedAt: ago(60_000).toISOString(),
  ...changes,
});

interface Known {
  rows: LedgerEvent[];
  /** What Stripe has. */
  events?: StripeEvent[];
  sessions?: { id: string; paymentStatus: string; status: string; metadata: Record<string, string> }[];
}

/** A world of which only these facts are known; counts what Stripe is asked one by one. */
function worldOf({ rows, events = [], sessions = [] }: Known): { world: World; asked: string[] } {
  const asked: string[] = [];
  const answers: Record<string, (request: { afterId?: string; limit: number }) => object> = {
    'list-events': ({ afterId = '', limit }) => {
      const events = rows.filter(({ eventId }) => eventId > afterId).slice(0, limit);
      return { events, next: events.length < limit ? null : events.at(-1)?.eventId };
    },
    'get-orders': () => ({ orders: [order()] }),
  };
  const world = {
    settings: { stack: { name: 'shop' } },
    stackOutputs: async () => ({ operationsFunctionName: 'operations' }),
    invoke: async (_name: string, payload: string) => {
      const request = JSON.parse(payload);
      const result = answers[request.operation]?.(request);
      return { functionError: null, payload: JSON.stringify({ ok: true, result }) };
    },
    stripe: {
      events: {
        retrieve: async (id: string) => {
          asked.push(id);
          return events.find((event) => event.id === id);
        },
      },
      eventPage: async ({ since, until }: { since: number; until: number }) => ({
        items: events.filter(({ created }) => created >= since && created < until),
        next: null,
      }),
      checkoutSessions: { retrieve: async (id: string) => sessions.find((session) => session.id === id) },
    },
  };
  return { world: world as unknown as World, asked };
}

const at = (event: StripeEvent, time: Date): StripeEvent => ({
  ...event,
  created: Math.floor(time.getTime() / 1000),
});

describe('a row of the ledger', () => {
  const look = async (known: Known, listed: string[] = []) => {
    const { world, asked } = worldOf(known);
    const ids = new IdSet();
    for (const id of listed) ids.add(id);
    return { ...(await unconfirmedRows(world, WINDOW, ids)), asked };
  };

  it('is confirmed when its event was listed, or Stripe has it from before the window', async () => {
    const rows = [row('evt_1', ago(60_000)), row('evt_2', ago(5 * DAY))];
    const { found, asked } = await look({ rows, events: [at(paidEvent({ id: 'evt_2' }), ago(5 * DAY))] }, [
      'evt_1',
    ]);
    expect([found, asked]).toEqual([[], ['evt_2']]);
  });

  it('is told with its amount, its way and what it did when Stripe has no such event', async () => {
    const { found } = await look({ rows: [row('evt_forged', ago(60_000))] });
    expect(found).toMatchObject([
      {
        eventId: 'evt_forged',
        orderId: '42',
        amountMinor: 2500,
        why: 'Stripe has no event evt_forged; it came by replay, and did: paid',
      },
    ]);
  });

  it('is told when Stripe has another event under its id', async () => {
    const events = [
      at(paidEvent({ id: 'evt_a', session: { id: 'cs_other' } }), ago(2 * DAY)),
      at(paidEvent({ id: 'evt_b', session: { metadata: { order_id: '7' } } }), ago(2 * DAY)),
      at(paidEvent({ id: 'evt_c', session: { payment_status: 'unpaid' } }), ago(2 * DAY)),
      at(paidEvent({ id: 'evt_d', type: 'checkout.session.expired' }), ago(2 * DAY)),
    ];
    const { found } = await look({ rows: events.map(({ id }) => row(id, ago(2 * DAY))), events });
    expect(found.map(({ why }) => why.split(';')[0])).toEqual([
      'the ledger has it for the session cs_test_1, Stripe for cs_other',
      'the ledger has it for the order 42, Stripe for 7',
      'an order was paid by it, and at Stripe it is unpaid',
      'the ledger has it as checkout.session.completed',
    ]);
  });

  it('that says it is older than Stripe keeps events is judged by its session', async () => {
    const sessions = [
      { id: 'cs_real', paymentStatus: 'paid', status: 'complete', metadata: { order_id: '42' } },
      { id: 'cs_open', paymentStatus: 'unpaid', status: 'open', metadata: { order_id: '42' } },
      { id: 'cs_else', paymentStatus: 'paid', status: 'complete', metadata: { order_id: '7' } },
    ];
    const rows = ['cs_real', 'cs_open', 'cs_else', 'cs_none'].map((sessionId) =>
      row(`evt_${sessionId}`, ago(40 * DAY), { sessionId }),
    );
    const { found } = await look({ rows, sessions });
    expect(found.map(({ why }) => why.split(';')[0])).toEqual([
      'cs_open is open, unpaid',
      'cs_else pays for the order 7',
      'Stripe knows no session cs_none',
    ]);
  });

  it('costs no question of its own where many are late', async () => {
    const events = Array.from({ length: 600 }, (_, index) =>
      at(paidEvent({ id: `evt_${String(index).padStart(4, '0')}` }), ago(3 * DAY)),
    );
    const rows = [...events.map(({ id }) => row(id, ago(3 * DAY))), row('evt_zz', ago(3 * DAY))];
    const { found, asked } = await look({ rows, events });
    expect(found.map(({ eventId }) => eventId)).toEqual(['evt_zz']);
    expect(asked).toEqual(['evt_zz']);
  });

  it('beyond what can be asked is said to be not looked at', async () => {
    const rows = Array.from({ length: 700 }, (_, index) =>
      row(`evt_${String(index).padStart(4, '0')}`, ago(60_000)),
    );
    const { found, unseen } = await look({ rows });
    expect(found).toHaveLength(500);
    expect(unseen).toContain('200 ledger rows');
  });
});
