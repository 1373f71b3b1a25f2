import { describe, expect, it } from 'vitest';
import type { EventOutcome, Via } from '../../../handlers/contract/ledger.js';
import { classify } from '../../../src/world/comparison/classify.js';
import { PathTallies } from '../../../src/world/comparison/paths.js';
import { EVENT_CLASSES } from '../../../src/world/comparison/types.js';
import { fc } from '../../support/property-tests.js';
import { FACTS, MINUTE, NOW, order, paidEvent, recordedAs } from './histories.js';

const pending = order({ status: 'pending', sessionId: 'cs_test_1', paymentIntentId: null });

describe('where an event stands', () => {
  const classOf = (...[event, recorded, of, facts]: Partial<Parameters<typeof classify>>) =>
    classify(event ?? paidEvent(), recorded, of, facts ?? FACTS).class;

  it('is processed when the ledger has it by every path and its order is paid', () => {
    expect(classOf(paidEvent(), recordedAs('paid'), order())).toBe('processed');
  });

  it('is on one path when a configured path never delivered it, and names the path', () => {
    const found = classify(paidEvent(), recordedAs('paid', ['webhook']), order(), FACTS);
    expect(found).toMatchObject({
      class: 'one-path',
      why: 'arrived by webhook, not by eventbridge',
      paths: [
        { via: 'eventbridge', delivered: false },
        { via: 'webhook', delivered: true },
      ],
    });
  });

  it('counts what replay delivered as brought by EventBridge, and what reconcile did as brought by none', () => {
    expect(classOf(paidEvent(), recordedAs('paid', ['replay', 'webhook']), order())).toBe('processed');
    expect(classOf(paidEvent(), recordedAs('paid', ['reconcile']), order())).toBe('repaired');
    expect(classOf(paidEvent(), recordedAs('paid', ['reconcile', 'webhook']), order())).toBe('one-path');
  });

  it('expects nothing of a path from before it was there, nor of an event that may be on its way', () => {
    const younger = { ...FACTS, paths: [{ via: 'webhook' as const, since: NOW - 30 * MINUTE }] };
    expect(classOf(paidEvent(), recordedAs('paid', ['eventbridge']), order(), younger)).toBe('processed');
    expect(classOf(paidEvent({ minutesAgo: 5 }), recordedAs('paid', ['webhook']), order())).toBe('processed');
  });

  it('is not at Stripe when the ledger has something else under its id', () => {
    for (const session of [
      { id: 'cs_test_2' },
      { metadata: { order_id: '7' } },
      { payment_status: 'unpaid' },
      { metadata: { order_id: '7', cachao_stage: 'prod' } },
    ])
      expect(classOf(paidEvent({ session }), recordedAs('paid'), order())).toBe('not-at-stripe');
    const expired = paidEvent({ type: 'checkout.session.expired' });
    expect(classify(expired, recordedAs('paid'), order(), FACTS)).toEqual({
      class: 'not-at-stripe',
      why: 'the ledger has it as checkout.session.completed',
      paths: [],
    });
  });

  it('is missing when the ledger does not have it, in flight while it is young', () => {
    expect(classOf(paidEvent(), undefined, pending)).toBe('missing');
    expect(classOf(paidEvent({ minutesAgo: 9 }), undefined, pending)).toBe('in-flight');
  });

  it('is missing when it was recorded as none of ours, under another configuration', () => {
    for (const outcome of ['other-stage', 'not-ours', 'ignored-type'] satisfies EventOutcome[])
      expect(classOf(paidEvent(), recordedAs(outcome), pending)).toBe('missing');
  });

  it('is from before recording began, and says what became of its order', () => {
    const found = classify(paidEvent({ minutesAgo: 25 * 60 }), undefined, pending, FACTS);
    expect(found).toEqual({ class: 'before-recording', why: 'the order is pending', paths: [] });
  });

  it('is of the second in which recording began, so recorded it should be', () => {
    const facts = { ...FACTS, recordingSince: NOW - 60 * MINUTE + 900 };
    expect(classOf(paidEvent(), undefined, pending, facts)).toBe('missing');
  });

  it('names an order that does not exist, or none at all', () => {
    expect(classify(paidEvent(), undefined, undefined, FACTS)).toMatchObject({
      class: 'unknown-order',
      why: 'there is no order 42',
    });
    expect(classify(paidEvent({ session: { metadata: {} } }), undefined, undefined, FACTS)).toMatchObject({
      class: 'unknown-order',
      why: 'the session has no metadata.order_id',
    });
  });

  it('is of a test checkout, whose order is gone', () => {
    const event = paidEvent({ session: { metadata: { order_id: '42', cachao_run: 'run' } } });
    expect(classOf(event, undefined, undefined)).toBe('test-order');
    expect(classOf(event, recordedAs('paid'), undefined)).toBe('processed');
  });

  it('is not ours: of another stage, of another product, or of the other mode', () => {
    const elsewhere = paidEvent({ session: { metadata: { order_id: '42', cachao_stage: 'prod' } } });
    expect(classOf(elsewhere, undefined, undefined)).toBe('other-stage');
    const product = paidEvent({ session: { metadata: {} } });
    expect(classOf(product, undefined, undefined, { ...FACTS, sharedAccount: true })).toBe('not-ours');
    expect(classOf(paidEvent({ livemode: true }), undefined, order())).toBe('livemode-mismatch');
  });

  it.each([
    ['the order is still pending', order({ status: 'pending' }), 'and the order is pending'],
    ['another session paid the order', order({ sessionId: 'cs_test_2' }), 'is paid by cs_test_2'],
    ['the amounts differ', order({ amountMinor: 2400 }), '2500 was paid, and the order costs 2400'],
    ['the order is gone', undefined, 'does not exist any more'],
  ])('was processed and is wrong when %s', (_what, of, why) => {
    const found = classify(paidEvent(), recordedAs('paid'), of, FACTS);
    expect(found.class).toBe('order-wrong');
    expect(found.why).toContain(why);
  });

  it('is processed while a delayed payment is awaited, and missing when its success did not arrive', () => {
    const unpaid = { session: { payment_status: 'unpaid' } };
    expect(classOf(paidEvent(unpaid), recordedAs('awaiting-payment'), pending)).toBe('processed');
    const succeeded = paidEvent({ id: 'evt_2', type: 'checkout.session.async_payment_succeeded' });
    expect(classOf(succeeded, undefined, pending)).toBe('missing');
  });

  it('was listed in another API version than it is delivered in: the session is what counts', () => {
    const listed = {
      ...paidEvent({ session: { payment_intent: { id: 'pi_1' }, currency: 'EUR' } }),
      api_version: '2020-08-27',
    };
    expect(classOf(listed, undefined, pending)).toBe('missing');
    expect(classify(listed, undefined, pending, FACTS).why).toBe('the order is pending');
  });

  it('is no fault of ours when the shop moved a paid order on', () => {
    expect(classOf(paidEvent(), recordedAs('paid'), order({ status: 'refunded' }))).toBe('processed');
  });

  it.each([
    ['amount', order({ status: 'pending', totalAmount: '0.01', amountMinor: 1 }), {}, 'order 42 costs 0.01'],
    ['currency', pending, { currency: 'chf' }, 'is in chf'],
    ['session', order({ status: 'paid', sessionId: 'cs_test_9' }), {}, 'a second time'],
    ['state', order({ status: 'cancelled' }), {}, 'order 42 is "cancelled"'],
  ])('is missing and will be refused for its %s; no path is blamed', (_what, of, session, why) => {
    const found = classify(paidEvent({ session }), undefined, of, FACTS);
    expect(found).toMatchObject({ class: 'missing', paths: [] });
    expect(found.why).toContain(why);
  });
});

describe('how the paths have been delivering', () => {
  const tallyOf = (...deliveries: [minutesAgo: number, arrivals: Via[]][]) => {
    const paths = new PathTallies(FACTS);
    for (const [minutesAgo, arrivals] of deliveries) {
      const event = paidEvent({ minutesAgo });
      const recorded = arrivals.length > 0 ? recordedAs('paid', arrivals) : undefined;
      paths.add(event, classify(event, recorded, recorded ? order() : pending, FACTS));
    }
    return paths.finish();
  };

  it('does not let a healthy webhook hide a dead EventBridge path', () => {
    const [eventbridge, webhook] = tallyOf([60, ['webhook']], [50, ['webhook']]);
    expect(eventbridge).toMatchObject({
      via: 'eventbridge',
      state: 'dead',
      expected: 2,
      delivered: 0,
      lost: 0,
    });
    expect(webhook).toMatchObject({ via: 'webhook', state: 'healthy', expected: 2, delivered: 2 });
  });

  it('tells a path that came back from one that stopped, in whatever order events are seen', () => {
    const back = tallyOf([90, ['eventbridge']], [60, ['reconcile']], [30, ['eventbridge', 'webhook']])[0];
    expect(back).toMatchObject({ state: 'recovered', delivered: 2, lost: 0 });
    const stopped = tallyOf([30, ['webhook']], [90, ['eventbridge', 'webhook']])[0];
    expect(stopped).toMatchObject({ state: 'broken', delivered: 1 });
  });

  it('counts what no path delivered as lost on each', () => {
    expect(tallyOf([60, []]).map((path) => [path.state, path.lost])).toEqual([
      ['dead', 1],
      ['dead', 1],
    ]);
  });

  it('says nothing where nothing was to be delivered', () => {
    expect(tallyOf([5, []]).map((path) => path.state)).toEqual(['idle', 'idle']);
  });

  it('believes a delivery at once, and misses none before its time: a path that is back shows it', () => {
    expect(tallyOf([5, ['webhook']]).map((path) => path.state)).toEqual(['idle', 'healthy']);
    expect(tallyOf([60, ['webhook']], [1, ['eventbridge', 'webhook']])[0]).toMatchObject({
      state: 'recovered',
      lost: 0,
    });
  });
});

const anEvent = fc.record({
  minutesAgo: fc.integer({ min: 0, max: 40 * 24 * 60 }),
  livemode: fc.boolean(),
  type: fc.constantFrom('checkout.session.completed', 'checkout.session.expired'),
  session: fc.record(
    {
      payment_status: fc.constantFrom('paid', 'unpaid', 'no_payment_required'),
      amount_total: fc.option(fc.integer({ min: 0, max: 9999 })),
      currency: fc.option(fc.constantFrom('eur', 'usd')),
      metadata: fc.option(
        fc.record(
          { order_id: fc.string(), cachao_stage: fc.constantFrom('test', 'prod'), cachao_run: fc.uuid() },
          { requiredKeys: [] },
        ),
      ),
    },
    { requiredKeys: [] },
  ),
});
const aRecord = fc.option(
  fc.tuple(
    fc.constantFrom<EventOutcome>('paid', 'released', 'no-change', 'other-stage', 'awaiting-payment'),
    fc.subarray<Via>(['eventbridge', 'webhook', 'replay', 'reconcile'], { minLength: 1 }),
  ),
  { nil: undefined },
);
const anOrder = fc.option(
  fc.record({
    status: fc.constantFrom('pending', 'paid', 'expired', 'refunded'),
    amountMinor: fc.integer({ min: -1, max: 9999 }),
    sessionId: fc.constantFrom('cs_test_1', 'cs_test_2', null),
  }),
  { nil: undefined },
);

describe('any history at all', () => {
  it('puts every event in exactly one class; what is in the ledger is never missing, what is not is never fine', () => {
    fc.assert(
      fc.property(anEvent, aRecord, anOrder, fc.boolean(), (event, record, of, sharedAccount) => {
        const recorded = record && recordedAs(...record);
        const found = classify(paidEvent(event), recorded, of && order(of), { ...FACTS, sharedAccount });
        expect(EVENT_CLASSES).toContain(found.class);
        const settled = ['processed', 'one-path', 'repaired', 'order-wrong', 'not-at-stripe'].includes(
          found.class,
        );
        const recordedAsOurs = recorded !== undefined && recorded.outcome !== 'other-stage';
        const ours = !['livemode-mismatch', 'other-stage', 'not-ours'].includes(found.class);
        if (ours) expect(settled).toBe(recordedAsOurs);
        if (found.class === 'processed') expect(found.paths.every((path) => path.delivered)).toBe(true);
        if (event.minutesAgo < 10 && ours) expect(found.class).not.toBe('missing');
      }),
    );
  });
});
