import { PROBE_EVENT_ID } from './stripe-event.js';

/** The line that the webhook logs for a request whose signature it refuses. Nothing in it is proven to be of Stripe. */
export interface RefusalLogRecord {
  level: 'WARN';
  message: 'signature-refused';
  verdict: 'invalid' | 'expired';
  /** The event that the body says it is; null where it says none. */
  eventId: string | null;
  /** ISO 8601 with milliseconds, when the handler was entered. */
  receivedAt: string;
}

/** Of the body's text, so much is looked at for the event's id: Stripe's bodies begin with it. */
const LOOKED_AT = 4_096;

/** The event that an unverified body says it is; undefined for a probe of our own, whose refusal tells nothing. */
export function claimedEventId(body: string): string | null | undefined {
  const id = /"id"\s*:\s*"(evt_\w{1,255})"/.exec(body.slice(0, LOOKED_AT))?.[1] ?? null;
  return id?.startsWith(PROBE_EVENT_ID) ? undefined : id;
}
