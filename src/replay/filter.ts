import type { DeadMessage } from './types.js';

/** Which messages are meant; what is empty or null leaves out none. Of one kind any will do, all kinds must agree. */
export interface Filter {
  types: readonly string[];
  /** `evt_…`, or ids of messages. */
  events: readonly string[];
  orders: readonly string[];
  /** A reason's word, or part of its text. */
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
  const { failure, content } = letter;
  const text = `${failure.message ?? ''} ${content.kind === 'unreadable' ? content.why : ''}`.toLowerCase();
  return (
    among(filter.types, letter.eventType) &&
    (among(filter.events, letter.eventId) || filter.events.includes(message.messageId)) &&
    among(filter.orders, letter.orderId) &&
    (filter.errors.length === 0 ||
      filter.errors.some(
        (error) => error.toLowerCase() === failure.code.toLowerCase() || text.includes(error.toLowerCase()),
      )) &&
    (filter.since === null || (sent !== null && sent >= filter.since)) &&
    (filter.until === null || (sent !== null && sent < filter.until))
  );
}

function among(wanted: readonly string[], value: string | null): boolean {
  return wanted.length === 0 || (value !== null && wanted.includes(value));
}
