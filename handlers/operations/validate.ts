import type { OperationsRequest } from '../contract/operations.js';
import { RequestError } from './request-error.js';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string' && value.length > 0 && value.length <= 255;
const texts: Check = (value) => Array.isArray(value) && value.length <= 500 && value.every(text);
const whole: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** The members of each request, in the shapes of the contract. */
const REQUESTS: Record<OperationsRequest['operation'], Record<string, Check>> = {
  probe: {},
  migrate: { createShopTables: (value) => typeof value === 'boolean' },
  'remove-ledger': {},
  'create-test-order': {
    runId: (value) => typeof value === 'string' && /^[\w-]{1,64}$/.test(value),
    amountMinor: whole,
  },
  'attach-session': { orderId: text, sessionId: text },
  'remove-test-order': { orderId: text },
  'list-test-orders': { olderThanMinutes: whole },
  'get-orders': { orderIds: optional(texts), sessionIds: optional(texts), paymentIntentIds: optional(texts) },
  'get-events': { eventIds: optional(texts), sessionIds: optional(texts) },
  'get-session-events': { sessionId: text },
  'list-orders': {
    status: text,
    updatedSince: optional((value) => typeof value === 'string' && !Number.isNaN(Date.parse(value))),
    afterId: optional(text),
    limit: (value) => whole(value) && (value as number) >= 1 && (value as number) <= 1000,
  },
};

/** @throws RequestError UNKNOWN_OPERATION or INVALID_REQUEST, naming the member */
export function validate(value: unknown): OperationsRequest {
  const request = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const operation = request.operation as OperationsRequest['operation'];
  const members = Object.hasOwn(REQUESTS, operation) ? REQUESTS[operation] : undefined;
  if (!members)
    throw new RequestError('UNKNOWN_OPERATION', `There is no operation "${String(operation).slice(0, 64)}".`);
  const wrong = Object.keys(members).find((name) => !members[name]?.(request[name]));
  if (wrong !== undefined)
    throw new RequestError('INVALID_REQUEST', `${operation}: ${wrong} is missing or not of its type.`);
  return request as unknown as OperationsRequest;
}
