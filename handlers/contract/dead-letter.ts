import { isStripeEnvelope, type StripeEnvelope } from './envelope.js';
import { isStripeEvent, type StripeEvent } from './stripe-event.js';

/** What is read of an SQS message. */
export interface RawDeadLetter {
  body: string;
  /** Message attributes by name, as text. */
  attributes: Readonly<Record<string, string>>;
}

/**
 * Who put it there: EventBridge, which could not deliver (`delivery`); Lambda's dead-letter target, or its on-failure
 * destination, when the function failed; or nobody that we know (`bare`): somebody sent it by hand.
 */
export type DeadLetterOrigin = 'delivery' | 'function' | 'destination' | 'bare';

/** What was kept. Nothing here says that it is true: whoever may send to the queue can write all of it. */
export type DeadLetterContent =
  /** EventBridge's event, whole. */
  | { kind: 'envelope'; envelope: StripeEnvelope; event: StripeEvent }
  /** Stripe's event alone, or in an envelope that is not of Stripe's. */
  | { kind: 'event'; event: StripeEvent }
  /** The event inside a webhook request, as API Gateway passes it on. */
  | { kind: 'webhook'; event: StripeEvent }
  | { kind: 'unreadable'; why: string };

/** Why it is there, as the sender tells. Texts are cut, and hold no control characters and no e-mail addresses. */
export interface Failure {
  /** EventBridge's `ERROR_CODE`, the error's type, or what Lambda says; the word that replay groups by. */
  code: string;
  message: string | null;
  /** Attempts that were made, the first included. */
  attempts: number | null;
  /** The function that should have taken it, without a version. */
  functionArn: string | null;
  ruleArn: string | null;
  /** Lambda's request id. */
  requestId: string | null;
}

export interface DeadLetter {
  origin: DeadLetterOrigin;
  content: DeadLetterContent;
  failure: Failure;
  /** `evt_…`, also where the rest cannot be used. */
  eventId: string | null;
  eventType: string | null;
  orderId: string | null;
}

const LONGEST_TEXT = 300;
/** More layers than any service puts around a message. */
const DEEPEST = 4;
const NO_FAILURE: Failure = {
  code: 'Unknown',
  message: null,
  attempts: null,
  functionArn: null,
  ruleArn: null,
  requestId: null,
};

/**
 * Reads a message of a dead-letter queue, whatever shape it has (EventBridge's, Lambda's two, an event or a webhook request
 * by itself). Never throws: what it cannot use is `unreadable`, with the reason.
 */
export function readDeadLetter({ body, attributes }: RawDeadLetter): DeadLetter {
  const { origin, content, failure } = readShape(body, attributes);
  const event = eventIn(content);
  return {
    origin,
    content,
    failure,
    eventId: event?.id ?? onlyIdIn(body),
    eventType: event ? clean(event.type) : null,
    orderId: event ? orderIdOf(event) : null,
  };
}

/** The Stripe event inside, where there is one. */
export function eventIn(content: DeadLetterContent): StripeEvent | null {
  return content.kind === 'unreadable' ? null : content.event;
}

type Shape = Pick<DeadLetter, 'origin' | 'content' | 'failure'>;

function readShape(body: string, attributes: RawDeadLetter['attributes']): Shape {
  const parsed = parse(body);
  if ('value' in parsed && isDestinationRecord(parsed.value))
    return {
      origin: 'destination',
      content: contentOf(parsed.value.requestPayload),
      failure: failureOfRecord(parsed.value),
    };
  const origin = originByAttributes(attributes);
  return {
    origin,
    content: 'value' in parsed ? contentOf(parsed.value) : unreadable(parsed.why),
    failure: failureByAttributes(origin, attributes),
  };
}

// ---- What was kept ----

function contentOf(value: unknown, depth = 0): DeadLetterContent {
  if (isStripeEnvelope(value)) return { kind: 'envelope', envelope: value, event: value.detail };
  if (isStripeEvent(value)) return { kind: 'event', event: value };
  if (isWebhookRequest(value)) return webhookContent(value);
  const inner = wrapped(value);
  if (inner !== undefined && depth < DEEPEST) return claimIn(inner, depth + 1);
  if (!isObject(value)) return unreadable('it is JSON, but not an object');
  // Forwarded by somebody in an envelope of their own: the event is worth asking Stripe about.
  if (isStripeEvent(value.detail)) return { kind: 'event', event: value.detail };
  if ('detail' in value) return unreadable('it is an EventBridge event, but holds no whole event of Stripe');
  return unreadable('it is JSON of a shape that is not known');
}

/** The text inside what other services wrap a message in: JSON in a JSON string, SNS, a batch of SQS with one record. */
function wrapped(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!isObject(value)) return undefined;
  if (typeof value.Message === 'string') return value.Message;
  const [record, ...others] = Array.isArray(value.Records) ? (value.Records as unknown[]) : [];
  if (!isObject(record) || others.length > 0) return undefined;
  const inner = isObject(record.Sns) ? record.Sns.Message : record.body;
  return typeof inner === 'string' ? inner : undefined;
}

/** Whatever was wrapped, somebody else sent it: its event is only a claim, which Stripe is asked about. */
function claimIn(text: string, depth: number): DeadLetterContent {
  const parsed = parse(text);
  if ('why' in parsed) return unreadable(`it is wrapped, and of what is inside: ${parsed.why}`);
  const content = contentOf(parsed.value, depth);
  return content.kind === 'unreadable' ? content : { kind: 'event', event: content.event };
}

interface WebhookRequest {
  body: string;
  isBase64Encoded?: boolean;
}

/** API Gateway's event, of either version. */
function isWebhookRequest(value: unknown): value is WebhookRequest {
  return isObject(value) && typeof value.body === 'string' && isObject(value.headers);
}

function webhookContent(request: WebhookRequest): DeadLetterContent {
  const text = Buffer.from(request.body, request.isBase64Encoded === true ? 'base64' : 'utf8').toString(
    'utf8',
  );
  const parsed = parse(text);
  if ('why' in parsed) return unreadable(`it is a webhook request, and of its body: ${parsed.why}`);
  if (!isStripeEvent(parsed.value)) return unreadable('it is a webhook request that carries no Stripe event');
  return { kind: 'webhook', event: parsed.value };
}

function unreadable(why: string): DeadLetterContent {
  return { kind: 'unreadable', why };
}

function parse(text: string): { value: unknown } | { why: string } {
  if (text.trim() === '') return { why: 'the body is empty' };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { why: 'the body is not JSON' };
  }
}

/** The one event id that stands in something otherwise unusable; where there are several, one would be a guess. */
function onlyIdIn(body: string): string | null {
  const found = new Set(body.match(/\bevt_\w{1,255}\b/g));
  return found.size === 1 ? ([...found][0] ?? null) : null;
}

function orderIdOf(event: StripeEvent): string | null {
  const { metadata } = event.data.object;
  const orderId = isObject(metadata) ? metadata.order_id : undefined;
  return typeof orderId === 'string' && orderId !== '' ? clean(orderId) : null;
}

// ---- Who sent it, and why ----

function originByAttributes(attributes: RawDeadLetter['attributes']): DeadLetterOrigin {
  if (attributes.RULE_ARN !== undefined || attributes.ERROR_CODE !== undefined) return 'delivery';
  if (attributes.RequestID !== undefined || attributes.ErrorCode !== undefined) return 'function';
  return 'bare';
}

function failureByAttributes(origin: DeadLetterOrigin, attributes: RawDeadLetter['attributes']): Failure {
  if (origin === 'delivery') {
    const retries = attributes.RETRY_ATTEMPTS;
    return {
      ...NO_FAILURE,
      code: textOf(attributes.ERROR_CODE) ?? 'Unknown',
      message: textOf(attributes.ERROR_MESSAGE),
      attempts: /^\d{1,6}$/.test(retries ?? '') ? Number(retries) + 1 : null,
      functionArn: functionOf(attributes.TARGET_ARN),
      ruleArn: textOf(attributes.RULE_ARN),
    };
  }
  if (origin === 'function')
    return {
      ...NO_FAILURE,
      code: codeByStatus(attributes.ErrorCode),
      message: textOf(attributes.ErrorMessage),
      requestId: textOf(attributes.RequestID),
    };
  return { ...NO_FAILURE, code: 'SentByHand' };
}

/** Lambda gives the status of the last attempt: 200 is the function's own failure. */
function codeByStatus(status: string | undefined): string {
  if (status === undefined || !/^\d{3}$/.test(status)) return 'Unknown';
  if (status === '200') return 'FunctionError';
  return status === '429' ? 'Throttled' : `Status${status}`;
}

interface DestinationRecord {
  requestContext: Record<string, unknown>;
  requestPayload: unknown;
  responseContext?: unknown;
  responsePayload?: unknown;
}

/** API Gateway's requests have a `version` and a `requestContext` too, but no payload. */
function isDestinationRecord(value: unknown): value is DestinationRecord {
  return isObject(value) && Object.hasOwn(value, 'requestPayload') && isObject(value.requestContext);
}

function failureOfRecord({ requestContext, responseContext, responsePayload }: DestinationRecord): Failure {
  const error = isObject(responsePayload) ? responsePayload : {};
  const response = isObject(responseContext) ? responseContext : {};
  const attempts = requestContext.approximateInvokeCount;
  const code = textOf(error.errorType) ?? textOf(response.functionError) ?? textOf(requestContext.condition);
  return {
    ...NO_FAILURE,
    code: code ?? 'Unknown',
    message: textOf(error.errorMessage),
    attempts: Number.isSafeInteger(attempts) ? (attempts as number) : null,
    functionArn: functionOf(requestContext.functionArn),
    requestId: textOf(requestContext.requestId),
  };
}

/** `arn:…:function:name:$LATEST` names the function with a version; wiring knows it without. */
function functionOf(arn: unknown): string | null {
  const parts = typeof arn === 'string' ? arn.split(':') : [];
  return parts[2] === 'lambda' && parts[5] === 'function' ? clean(parts.slice(0, 7).join(':')) : null;
}

// ---- Texts of strangers ----

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? clean(value) : null;
}

/** Fit to be shown: one line, no control characters (a terminal obeys them), nobody's address, not too long. */
function clean(text: string): string {
  const shown = text
    .slice(0, LONGEST_TEXT * 4)
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[^\s@<>"'(),;:]+@[^\s@<>"'(),;:]+/g, '[address]')
    .trim();
  return shown.length > LONGEST_TEXT ? `${shown.slice(0, LONGEST_TEXT)}…` : shown;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
