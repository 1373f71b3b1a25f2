import type Stripe from 'stripe';
import { isNotFound } from './errors.js';
import type { StripeSession } from './session.js';

/** An EventBridge destination of Stripe's, in the terms that matter here. */
export interface EventDestination {
  /** `ed_…` live, `ed_test_…` in test mode. */
  id: string;
  name: string;
  livemode: boolean;
  enabled: boolean;
  /** `user`, `no_aws_event_source_exists`, …; null while enabled. */
  disabledReason: string | null;
  enabledEvents: string[];
  /** Whose events it sends: `@self`, `@accounts`, …; in older API versions `self`, `other_accounts`. */
  eventsFrom: string[];
  payload: 'snapshot' | 'thin';
  /** Fixed at creation; null: the account's default at the time of each event. */
  apiVersion: string | null;
  awsAccountId: string;
  /** Fourth field of the source's ARN: the answer itself has no region (FACTS-STRIPE §1.1). */
  region: string;
  /** `aws.partner/stripe.com/ed_…`: also the name that the event bus must bear. */
  sourceName: string;
  sourceArn: string;
  sourceStatus: 'active' | 'deleted' | 'pending' | 'unknown';
  metadata: Record<string, string>;
  createdAt: string;
}

export interface NewEventDestination {
  name: string;
  description: string;
  awsAccountId: string;
  region: string;
  enabledEvents: string[];
  apiVersion: string;
  metadata: Record<string, string>;
}

export function eventDestinationReads(session: StripeSession) {
  return {
    /** Every EventBridge destination of the key's account and mode. Eventually consistent: a new one may be missing. */
    list(): Promise<EventDestination[]> {
      return session.call('GET /v2/core/event_destinations', async (stripe) => {
        const found: EventDestination[] = [];
        // v1 webhook endpoints are mirrored in this list (FACTS-STRIPE §2.2).
        for await (const destination of stripe.v2.core.eventDestinations.list({ limit: 100 }))
          if (destination.type === 'amazon_eventbridge') found.push(read(destination));
        return found;
      });
    },
    retrieve(id: string): Promise<EventDestination | undefined> {
      return session.call('GET /v2/core/event_destinations/{id}', async (stripe) => {
        try {
          return read(await stripe.v2.core.eventDestinations.retrieve(id));
        } catch (error) {
          if (isNotFound(error)) return undefined;
          throw error;
        }
      });
    },
  };
}

export function eventDestinationWrites(session: StripeSession) {
  return {
    /** Same key and same body: the same destination, however often it is asked for (30 days). */
    create(destination: NewEventDestination, idempotencyKey: string): Promise<EventDestination> {
      return session.call('POST /v2/core/event_destinations', async (stripe) =>
        read(
          await stripe.v2.core.eventDestinations.create(
            {
              name: destination.name,
              description: destination.description,
              type: 'amazon_eventbridge',
              event_payload: 'snapshot',
              snapshot_api_version: destination.apiVersion,
              enabled_events: destination.enabledEvents,
              amazon_eventbridge: {
                aws_account_id: destination.awsAccountId,
                aws_region: destination.region,
              },
              metadata: destination.metadata,
            },
            { idempotencyKey },
          ),
        ),
      );
    },
    update(
      id: string,
      /** A metadata key that is null goes. */
      change: { enabledEvents?: string[]; metadata?: Record<string, string | null> },
    ): Promise<EventDestination> {
      return session.call('POST /v2/core/event_destinations/{id}', async (stripe) =>
        read(
          await stripe.v2.core.eventDestinations.update(id, {
            ...(change.enabledEvents ? { enabled_events: change.enabledEvents } : {}),
            ...(change.metadata ? { metadata: change.metadata as Record<string, string> } : {}),
          }),
        ),
      );
    },
    enable(id: string): Promise<EventDestination> {
      return session.call('POST /v2/core/event_destinations/{id}/enable', async (stripe) =>
        read(await stripe.v2.core.eventDestinations.enable(id)),
      );
    },
    /** Deleting what is gone already is done. */
    remove(id: string): Promise<void> {
      return session.call('DELETE /v2/core/event_destinations/{id}', async (stripe) => {
        try {
          await stripe.v2.core.eventDestinations.del(id);
        } catch (error) {
          if (!isNotFound(error)) throw error;
        }
      });
    },
  };
}

function read(destination: Stripe.V2.Core.EventDestination): EventDestination {
  const arn = destination.amazon_eventbridge?.aws_event_source_arn ?? '';
  return {
    id: destination.id,
    name: destination.name,
    livemode: destination.livemode,
    enabled: destination.status === 'enabled',
    disabledReason: destination.status_details?.disabled?.reason ?? null,
    enabledEvents: destination.enabled_events,
    eventsFrom: destination.events_from ?? ['@self'],
    payload: destination.event_payload === 'thin' ? 'thin' : 'snapshot',
    apiVersion: destination.snapshot_api_version ?? null,
    awsAccountId: destination.amazon_eventbridge?.aws_account_id ?? '',
    region: arn.split(':')[3] ?? '',
    sourceName: arn.slice(arn.indexOf('event-source/') + 'event-source/'.length),
    sourceArn: arn,
    sourceStatus: destination.amazon_eventbridge?.aws_event_source_status ?? 'unknown',
    metadata: destination.metadata ?? {},
    createdAt: destination.created,
  };
}
