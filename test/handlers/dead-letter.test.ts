import { describe, expect, it } from 'vitest';
import { isOwnEnvelope, judgeClaim } from '../../handlers/contract/claim.js';
import { readDeadLetter } from '../../handlers/contract/dead-letter.js';
import { fc, inputs } from '../support/property-tests.js';
import { envelope, webhookRequest } from './support/envelopes.js';
import { checkoutSession, stripeEvent } from './support/events.js';

const EVENT = stripeEvent('checkout.session.completed', checkoutSession('order-7'));
const ENVELOPE = envelope(EVENT);
const FUNCTION = 'arn:aws:lambda:eu-west-1:123456789012:function:handler';
const RULE =
  'arn:aws:events:eu-west-1:123456789012:rule/aws.partner/stripe.com/ed_test_61abc/cachao-dev-stripe';
const IDS = { eventId: EVENT.id, eventType: 'checkout.session.completed', orderId: 'order-7' };

/** What EventBridge adds to an event that it could not deliver. */
const UNDELIVERED = {
  RULE_ARN: RULE,
  TARGET_ARN: FUNCTION,
  ERROR_CODE: 'NO_PERMISSIONS',
  ERROR_MESSAGE: 'not authorized to perform: lambda:InvokeFunction',
  RETRY_ATTEMPTS: '3',
  EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
};

/** Lambda's record for an on-failure destination. */
function destinationRecord(payload: unknown, changes: Record<string, unknown> = {}) {
  return {
    version: '1.0',
    timestamp: '2026-11-23T10:00:00.000Z',
    requestContext: {
      requestId: 'request-1',
      functionArn: `${FUNCTION}:$LATEST`,
      condition: 'RetriesExhausted',
      approximateInvokeCount: 3,
    },
    requestPayload: payload,
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType: 'UNKNOWN_ORDER', errorMessage: 'cs_1 names order 7', trace: [] },
    ...changes,
  };
}

const read = (body: unknown, attributes: Record<string, string> = {}) =>
  readDeadLetter({ body: typeof body === 'string' ? body : JSON.stringify(body), attributes });

describe('a dead letter', () => {
  it('of EventBridge is the event, with the reason in the attributes', () => {
    expect(read(ENVELOPE, UNDELIVERED)).toEqual({
      origin: 'delivery',
      content: { kind: 'envelope', envelope: ENVELOPE, event: EVENT },
      failure: {
        code: 'NO_PERMISSIONS',
        message: 'not authorized to perform: lambda:InvokeFunction',
        attempts: 4,
        functionArn: FUNCTION,
        ruleArn: RULE,
        requestId: null,
      },
      ...IDS,
    });
  });

  it.each([
    ['200', 'FunctionError'],
    ['429', 'Throttled'],
    ['502', 'Status502'],
    ['', 'Unknown'],
  ])("of Lambda's dead-letter target tells status %s as %s", (ErrorCode, code) => {
    expect(
      read(ENVELOPE, { RequestID: 'request-1', ErrorCode, ErrorMessage: 'connect ECONNREFUSED' }),
    ).toMatchObject({
      origin: 'function',
      content: { kind: 'envelope', envelope: ENVELOPE },
      failure: { code, message: 'connect ECONNREFUSED', requestId: 'request-1', functionArn: null },
      ...IDS,
    });
  });

  it('of an on-failure destination holds the event in its record', () => {
    expect(read(destinationRecord(ENVELOPE))).toEqual({
      origin: 'destination',
      content: { kind: 'envelope', envelope: ENVELOPE, event: EVENT },
      failure: {
        code: 'UNKNOWN_ORDER',
        message: 'cs_1 names order 7',
        attempts: 3,
        functionArn: FUNCTION,
        ruleArn: null,
        requestId: 'request-1',
      },
      ...IDS,
    });
  });

  it('of a function that never ran has no response, but a condition', () => {
    const record = destinationRecord(ENVELOPE, {
      requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 1 },
      responseContext: null,
      responsePayload: null,
    });
    expect(read(record)).toMatchObject({
      origin: 'destination',
      failure: { code: 'EventAgeExceeded', message: null, functionArn: null },
      ...IDS,
    });
  });

  it('may be a Stripe event by itself, or in a webhook request, wrapped or not', () => {
    expect(read(EVENT)).toMatchObject({
      origin: 'bare',
      content: { kind: 'event', event: EVENT },
      failure: { code: 'SentByHand' },
      ...IDS,
    });
    const request = webhookRequest(EVENT, 'whsec_x');
    const encoded = {
      ...request,
      body: Buffer.from(request.body).toString('base64'),
      isBase64Encoded: true,
      requestContext: { http: { method: 'POST' } },
      version: '2.0',
    };
    for (const body of [request, encoded])
      expect(read(body)).toMatchObject({
        origin: 'bare',
        content: { kind: 'webhook', event: EVENT },
        ...IDS,
      });
    expect(read(destinationRecord(request))).toMatchObject({
      origin: 'destination',
      content: { kind: 'webhook', event: EVENT },
    });
    expect(read(destinationRecord(EVENT)).content.kind).toBe('event');
    expect(read({ ...ENVELOPE, source: 'shop.forwarded' }).content).toEqual({ kind: 'event', event: EVENT });
  });

  it.each([
    ['', 'the body is empty'],
    ['  \n', 'the body is empty'],
    ['{"detail":', 'the body is not JSON'],
    ['null', 'it is JSON, but not an object'],
    ['42', 'it is JSON, but not an object'],
    ['[]', 'it is JSON, but not an object'],
    ['{}', 'it is JSON of a shape that is not known'],
    [{ ...ENVELOPE, detail: null }, 'it is an EventBridge event, but holds no whole event of Stripe'],
    [{ headers: {}, body: 'hello' }, 'it is a webhook request, and of its body: the body is not JSON'],
    [{ headers: {}, body: '{}' }, 'it is a webhook request that carries no Stripe event'],
  ])('is unreadable, with the reason: %.30j: %s', (body, why) => {
    expect(read(body, UNDELIVERED)).toMatchObject({
      origin: 'delivery',
      content: { kind: 'unreadable', why },
      failure: { code: 'NO_PERMISSIONS' },
    });
  });

  it('that cannot be used still names its event, unless it names two', () => {
    expect(read('cut off: {"detail":{"id":"evt_1Abc","type').eventId).toBe('evt_1Abc');
    expect(read('evt_1Abc evt_2Def').eventId).toBeNull();
  });

  it('shows no control characters, no addresses and no long texts of strangers', () => {
    const { failure } = read(ENVELOPE, {
      ...UNDELIVERED,
      ERROR_CODE: 'A\u001b[2J\nB',
      ERROR_MESSAGE: `no mail to Jane.Doe+x@example.com, ${'x'.repeat(5000)}`,
    });
    expect(failure.code).toBe('A [2J B');
    expect(failure.message).toMatch(/^no mail to \[address\], x+…$/);
    expect(failure.message?.length).toBeLessThan(310);
  });

  it('of 1 MiB is read whole', () => {
    const large = stripeEvent(EVENT.type, { ...checkoutSession('order-7'), padding: 'x'.repeat(1_040_000) });
    expect(read(envelope(large)).content).toMatchObject({ kind: 'envelope', event: { id: large.id } });
  });
});

describe('an event that somebody wrapped', () => {
  it.each<[string, unknown]>([
    ['in a JSON string', JSON.stringify(ENVELOPE)],
    ['in SNS', { Type: 'Notification', MessageId: 'm', TopicArn: 'arn', Message: JSON.stringify(ENVELOPE) }],
    [
      'in a batch of SQS',
      { Records: [{ messageId: 'm', eventSource: 'aws:sqs', body: JSON.stringify(EVENT) }] },
    ],
    [
      'in SNS for a function',
      { Records: [{ EventSource: 'aws:sns', Sns: { Message: JSON.stringify(EVENT) } }] },
    ],
    ['twice', { Message: JSON.stringify({ Message: JSON.stringify(webhookRequest(EVENT, 'whsec_test')) }) }],
  ])('%s is a claim to ask Stripe about, and never an envelope of our own', (_how, value) => {
    const { content, ...letter } = readDeadLetter({ body: JSON.stringify(value), attributes: {} });
    expect(content).toEqual({ kind: 'event', event: EVENT });
    expect(letter).toMatchObject(IDS);
  });

  it.each<[unknown, string]>([
    [{ Message: 'hello' }, 'it is wrapped, and of what is inside: the body is not JSON'],
    [{ Records: [{ body: '{}' }, { body: '{}' }] }, 'it is JSON of a shape that is not known'],
    [
      Array.from({ length: 6 }).reduce((text) => JSON.stringify(text), JSON.stringify(EVENT)),
      'it is JSON, but not an object',
    ],
  ])('and what holds none says why: %#', (value, why) => {
    const { content } = readDeadLetter({ body: JSON.stringify(value), attributes: {} });
    expect(content).toEqual({ kind: 'unreadable', why });
  });
});

describe('any message at all', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.json().map((json) => `${json}x`),
    fc.integer({ min: 1, max: 200_000 }).map((depth) => '['.repeat(depth)),
    fc.integer({ min: 1, max: 5_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  );
  const attributes = fc.dictionary(
    fc.oneof(
      fc.string(),
      fc.constantFrom(...Object.keys(UNDELIVERED), 'RequestID', 'ErrorCode', 'ErrorMessage'),
    ),
    fc.string({ unit: 'binary' }),
  );

  it('is read without throwing, and what is shown of it is fit to be shown', () => {
    fc.assert(
      fc.property(text, attributes, (body, given) => {
        const letter = readDeadLetter({ body, attributes: given });
        const shown = [letter.eventId, letter.eventType, letter.orderId, ...Object.values(letter.failure)];
        for (const one of shown)
          if (typeof one === 'string') expect(one).not.toMatch(/[\p{Cc}\p{Cs}]|\S@\S/u);
      }),
      { numRuns: inputs(500) },
    );
  });

  it('with any part of a good one replaced is read as that event, or not at all', () => {
    const good = [ENVELOPE, EVENT, webhookRequest(EVENT, 'whsec_x'), destinationRecord(ENVELOPE)];
    fc.assert(
      fc.property(fc.constantFrom(...good), fc.nat(40), fc.jsonValue(), (whole, which, other) => {
        const { content } = read(replaced(structuredClone(whole), which, other));
        if (content.kind !== 'unreadable') expect(content.event.id).toMatch(/^evt_\w+$/);
      }),
      { numRuns: inputs(500) },
    );
  });
});

/** The value with its n-th member, counted in depth, replaced. */
function replaced(value: object, nth: number, other: unknown): object {
  let left = nth;
  const walk = (within: Record<string, unknown>): void => {
    for (const key of Object.keys(within)) {
      if (left-- === 0) within[key] = other;
      else if (typeof within[key] === 'object' && within[key] !== null)
        walk(within[key] as Record<string, unknown>);
    }
  };
  walk(value as Record<string, unknown>);
  return value;
}

describe('an envelope is own', () => {
  const own = { source: ENVELOPE.source, account: ENVELOPE.account, livemode: false };

  it('only when source, account, type and mode agree everywhere', () => {
    expect(isOwnEnvelope(ENVELOPE, own)).toBe(true);
    const foreign = [
      { ...ENVELOPE, source: `${ENVELOPE.source}x` },
      { ...ENVELOPE, account: '210987654321' },
      { ...ENVELOPE, 'detail-type': 'checkout.session.expired' },
      envelope({ ...EVENT, livemode: true }),
      envelope(stripeEvent(EVENT.type, checkoutSession('order-7', { livemode: true }))),
    ];
    for (const one of foreign) expect(isOwnEnvelope(one, own)).toBe(false);
    expect(isOwnEnvelope(ENVELOPE, { ...own, livemode: true })).toBe(false);
    expect(isOwnEnvelope(ENVELOPE, { ...own, source: null })).toBe(false);
  });

  it('and believed only when nobody else can have sent it; of any other shape, only Stripe is', () => {
    const judged = (body: unknown, isTrusted = true) => judgeClaim(read(body).content, own, isTrusted).kind;
    expect(judged(ENVELOPE)).toBe('own');
    expect(judged(destinationRecord(ENVELOPE))).toBe('own');
    expect(judged(ENVELOPE, false)).toBe('ask');
    const claims = [
      EVENT,
      webhookRequest(EVENT, 'whsec_x'),
      { ...ENVELOPE, source: 'shop.forwarded' },
      { ...ENVELOPE, account: '210987654321' },
      JSON.stringify(JSON.stringify(ENVELOPE)),
      { Records: [{ body: JSON.stringify(ENVELOPE) }] },
      { Records: [{ Sns: { Message: JSON.stringify(EVENT) } }] },
    ];
    for (const claim of claims) expect(judged(claim)).toBe('ask');
    expect(judged({ ...EVENT, livemode: true })).toBe('refuse');
    expect(judged('hello')).toBe('refuse');
  });
});
