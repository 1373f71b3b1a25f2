import type { StripeEvent } from '../../handlers/contract/stripe-event.js';
import { isNotFound } from './errors.js';
import type { StripeSession } from './session.js';

export interface EventWindow {
  types: string[];
  /** Seconds since the epoch. */
  since?: number;
  until?: number;
}

export function eventReads(session: StripeSession) {
  return {
    /** Newest first, at most `limit`. Stripe keeps events for 30 days. Permission: `event_read`. */
    list(window: EventWindow, limit: number): Promise<StripeEvent[]> {
      return session.call('GET /v1/events', async (stripe) => {
        const found: StripeEvent[] = [];
        for await (const event of stripe.events.list({
          types: window.types,
          limit: Math.min(limit, 100),
          ...created(window),
        })) {
          found.push(event as unknown as StripeEvent);
          if (found.length >= limit) break;
        }
        return found;
      });
    },
    /** One page of a window, for windows of any length in bounded memory. */
    page(
      window: EventWindow,
      startingAfter: string | null,
    ): Promise<{ events: StripeEvent[]; next: string | null }> {
      return session.call('GET /v1/events', async (stripe) => {
        const page = await stripe.events.list({
          types: window.types,
          limit: 100,
          ...created(window),
          ...(startingAfter ? { starting_after: startingAfter } : {}),
        });
        return {
          events: page.data as unknown as StripeEvent[],
          next: page.has_more ? (page.data.at(-1)?.id ?? null) : null,
        };
      });
    },
    retrieve(id: string): Promise<StripeEvent | undefined> {
      return session.call('GET /v1/events/{id}', async (stripe) => {
        try {
          return (await stripe.events.retrieve(id)) as unknown as StripeEvent;
        } catch (error) {
          if (isNotFound(error)) return undefined;
          throw error;
        }
      });
    },
  };
}

function created(window: EventWindow): { created?: { gte?: number; lt?: number } } {
  if (window.since === undefined && window.until === undefined) return {};
  return {
    created: {
      ...(window.since === undefined ? {} : { gte: window.since }),
      ...(window.until === undefined ? {} : { lt: window.until }),
    },
  };
}
