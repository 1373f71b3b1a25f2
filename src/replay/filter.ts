import type { RefusalCode } from './trust.js';
import type { DeadMessage } from './types.js';

/** Which messages are meant; what is empty or null leaves out none. Of one kind any will do, all kinds must agree. */
export interface Filter {
  types: readonly string[];
  /** `evt_…`, or ids of messages. */
  events: readonly string[];
  orders: readonly string[];
  /** The word of why it is there or why a run would refuse it, or part of a reason's text. */
  errors: readonly string[];
  /** Epoch milliseconds: when the message came into the queue. */
  since: number | null;
  until: number | null;
}

export const EVERYTHING: Filter = { types: [], events: [], orders: [], errors: [], since: null, until: null };

export function isEverything(filter: Filter): boolean {
  const { types, events, orders, errors, since, until } = filter;
  return (
    [types, events, orders, errors].every((list) => list.length === 0) && since === null && until === null
  );
}

export function matches({ message, letter }: DeadMessage, filter: Filter): boolean {
  const sent = message.sentAt === null ? null : Date.parse(message.sentAt);
  return (
    among(filter.types, letter.eventType) &&
    (among(filter.events, letter.eventId) || filter.events.includes(message.messageId)) &&
    among(filter.orders, letter.orderId) &&
    (filter.errors.length === 0 || filter.errors.some(isJudged) || isThereFor(letter, filter.errors)) &&
    (filter.since === null || (sent !== null && sent >= filter.since)) &&
    (filter.until === null || (sent !== null && sent < filter.until))
  );
}

/** Whether only the judgement tells if a message that `matches` let in is meant: some refusals are known only then. */
export function needsJudgement({ letter }: DeadMessage, { errors }: Filter): boolean {
  return errors.length > 0 && !isThereFor(letter, errors);
}

/**
 * Whether a message that `matches` let in is meant, now that it was judged. `refusal`: the word of the refusal; null
 * when it may be delivered.
 */
export function isMeant(dead: DeadMessage, filter: Filter, refusal: RefusalCode | null): boolean {
  if (!needsJudgement(dead, filter)) return true;
  return refusal !== null && filter.errors.some((error) => error.toUpperCase() === refusal);
}

/** Words that only the judgement can give. */
const isJudged = (error: string): boolean =>
  (['WRONG_MODE', 'UNKNOWN_TO_STRIPE', 'DIFFERS_FROM_STRIPE'] satisfies RefusalCode[]).some(
    (code) => code === error.toUpperCase(),
  );

function isThereFor({ failure, content }: DeadMessage['letter'], errors: readonly string[]): boolean {
  const unreadable = content.kind === 'unreadable';
  const codes = [failure.code, ...(unreadable ? ['UNREADABLE'] : [])].map((code) => code.toLowerCase());
  const text = `${failure.message ?? ''} ${unreadable ? content.why : ''}`.toLowerCase();
  return errors
    .map((error) => error.toLowerCase())
    .some((error) => codes.includes(error) || text.includes(error));
}

function among(wanted: readonly string[], value: string | null): boolean {
  return wanted.length === 0 || (value !== null && wanted.includes(value));
}
