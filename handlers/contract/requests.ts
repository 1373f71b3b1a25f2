import type { OperationName } from './operations.js';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string' && value.length > 0 && value.length <= 255;
const texts: Check = (value) => Array.isArray(value) && value.length <= 500 && value.every(text);
const whole: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const yesOrNo: Check = (value) => typeof value === 'boolean';
const time: Check = (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const page: Check = (value) => whole(value) && (value as number) >= 1 && (value as number) <= 1000;
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** The members of each request, in the shapes of the contract. */
const REQUESTS: Record<OperationName, Record<string, Check>> = {
  probe: {},
  migrate: { createShopTables: yesOrNo },
  'list-stages': {},
  'remove-ledger': { dropTables: yesOrNo },
  'create-test-order': {
    runId: (value) => typeof value === 'string' && /^[\w-]{1,64}$/.test(value),
    amountMinor: whole,
    owner: optional(text),
    forSeconds: optional(whole),
  },
  'attach-session': { orderId: text, sessionId: text },
  'remove-test-order': { orderId: text },
  'list-test-orders': { olderThanMinutes: whole },
  'get-orders': { orderIds: optional(texts), sessionIds: optional(texts), paymentIntentIds: optional(texts) },
  'get-events': { eventIds: optional(texts), sessionIds: optional(texts), anyStage: optional(yesOrNo) },
  'list-events': {
    types: texts,
    processedSince: time,
    processedUntil: time,
    afterId: optional(text),
    limit: page,
  },
  'list-awaiting': { createdSince: time, createdUntil: time, afterId: optional(text), limit: page },
  'get-session-events': { sessionId: text },
  'list-orders': {
    status: text,
    updatedSince: optional(time),
    afterId: optional(text),
    limit: page,
  },
};

export function isOperation(name: unknown): name is OperationName {
  return typeof name === 'string' && Object.hasOwn(REQUESTS, name);
}

/**
 * The member of a request that is missing or not of its type; undefined when all are right. The sender asks it of what
 * it is about to send, the function of what it was sent.
 */
export function wrongMember(
  operation: OperationName,
  request: Readonly<Record<string, unknown>>,
): string | undefined {
  const members = REQUESTS[operation];
  return Object.keys(members).find((name) => !members[name]?.(request[name]));
}
