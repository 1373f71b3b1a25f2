import type { StripeEvent } from '../../handlers/contract/stripe-event.js';
import { isNotFound } from './errors.js';
import { createdIn, type Page, pageOf, type TimeWindow } from './pages.js';
import type { StripeSession } from './session.js';

export interface EventWindow extends TimeWindow {
  types: string[];
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
          ...createdIn(window),
        })) {
          found.push(event as unknown as StripeEvent);
          if (found.length >= limit) break;
        }
        return found;
      });
    },
    /** Those that some webhook endpoint of the account has not taken, or not yet; newest first. */
    undelivered(window: EventWindow, limit: number): Promise<StripeEvent[]> {
      return session.call('GET /v1/events', async (stripe) => {
        const found: StripeEvent[] = [];
        for await (const event of stripe.events.list({
          types: window.types,
          delivery_success: false,
          limit: Math.min(limit, 100),
          ...createdIn(window),
        })) {
          found.push(event as unknown as StripeEvent);
          if (found.length >= limit) break;
        }
        return found;
      });
    },
    /** How many webhook endpoints have not taken the event yet; undefined when there is no such event. */
    pendingWebhooks(id: string): Promise<number | undefined> {
      return session.call('GET /v1/events/{id}', async (stripe) => {
        try {
          return (await stripe.events.retrieve(id)).pending_webhooks;
        } catch (error) {
          if (isNotFound(error)) return undefined;
          throw error;
        }
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

/** One page of a window, for windows of any length in bounded memory: pages are not kept. Permission: `event_read`. */
export function eventPages(session: StripeSession) {
  return (window: EventWindow, startingAfter: string | null): Promise<Page<StripeEvent>> =>
    session.call('GET /v1/events', async (stripe) => {
      const page = await stripe.events.list({
        types: window.types,
        limit: 100,
        ...createdIn(window),
        ...(startingAfter ? { starting_after: startingAfter } : {}),
      });
      return pageOf(page as unknown as { data: StripeEvent[]; has_more: boolean });
    });
}
