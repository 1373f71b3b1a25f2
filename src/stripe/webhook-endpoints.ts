import type Stripe from 'stripe';
import { CachaoError } from '../core/errors.js';
import { isNotFound, isStripeError } from './errors.js';
import type { StripeSession } from './session.js';

export interface WebhookEndpoint {
  id: string;
  url: string;
  enabled: boolean;
  enabledEvents: string[];
  livemode: boolean;
  /** null: the account's default. */
  apiVersion: string | null;
  metadata: Record<string, string>;
  createdAt: string;
}

export interface NewWebhookEndpoint {
  url: string;
  enabledEvents: string[];
  apiVersion: string;
  description: string;
  metadata: Record<string, string>;
}

export function webhookEndpointReads(session: StripeSession) {
  return {
    /** Every endpoint of the key's account and mode: the API cannot search by URL. */
    list(): Promise<WebhookEndpoint[]> {
      return session.call('GET /v1/webhook_endpoints', async (stripe) => {
        const found: WebhookEndpoint[] = [];
        for await (const endpoint of stripe.webhookEndpoints.list({ limit: 100 })) found.push(read(endpoint));
        return found;
      });
    },
  };
}

export function webhookEndpointWrites(session: StripeSession) {
  return {
    /**
     * Creates an endpoint. Its signing secret is in this one answer and never again: store it before anything else.
     * Throws WEBHOOK_LIMIT when the account has as many as Stripe allows.
     */
    create(
      endpoint: NewWebhookEndpoint,
      idempotencyKey: string,
    ): Promise<{ endpoint: WebhookEndpoint; signingSecret: string }> {
      return session.call('POST /v1/webhook_endpoints', async (stripe) => {
        try {
          const created = await stripe.webhookEndpoints.create(
            {
              url: endpoint.url,
              enabled_events: endpoint.enabledEvents as Stripe.WebhookEndpointCreateParams.EnabledEvent[],
              api_version: endpoint.apiVersion as Stripe.WebhookEndpointCreateParams.ApiVersion,
              description: endpoint.description,
              metadata: endpoint.metadata,
            },
            { idempotencyKey },
          );
          return { endpoint: read(created), signingSecret: created.secret ?? '' };
        } catch (error) {
          throw limitReached(error) ?? error;
        }
      });
    },
    update(
      id: string,
      change: {
        url?: string;
        enabledEvents?: string[];
        disabled?: boolean;
        metadata?: Record<string, string>;
      },
    ): Promise<WebhookEndpoint> {
      return session.call('POST /v1/webhook_endpoints/{id}', async (stripe) =>
        read(
          await stripe.webhookEndpoints.update(id, {
            ...(change.url ? { url: change.url } : {}),
            ...(change.enabledEvents
              ? { enabled_events: change.enabledEvents as Stripe.WebhookEndpointUpdateParams.EnabledEvent[] }
              : {}),
            ...(change.disabled === undefined ? {} : { disabled: change.disabled }),
            ...(change.metadata ? { metadata: change.metadata } : {}),
          }),
        ),
      );
    },
    /** Deleting what is gone already is done. */
    remove(id: string): Promise<void> {
      return session.call('DELETE /v1/webhook_endpoints/{id}', async (stripe) => {
        try {
          await stripe.webhookEndpoints.del(id);
        } catch (error) {
          if (!isNotFound(error)) throw error;
        }
      });
    },
  };
}

/** The refusal has no code of its own (FACTS-STRIPE §2.1 gives the number, 16); the wording is what there is. */
function limitReached(error: unknown): CachaoError | undefined {
  if (!isStripeError(error) || error.statusCode !== 400 || !/maximum|limit|16/i.test(error.message))
    return undefined;
  return new CachaoError({
    code: 'WEBHOOK_LIMIT',
    message: `Stripe refused another webhook endpoint: ${error.message}`,
    why: 'An account may have 16 webhook endpoints in each mode.',
    next: [
      'Delete an unused endpoint at https://dashboard.stripe.com/webhooks, then run the command again.',
      'Or go without the webhook fallback: --no-webhook.',
    ],
    cause: error,
  });
}

function read(endpoint: Stripe.WebhookEndpoint): WebhookEndpoint {
  return {
    id: endpoint.id,
    url: endpoint.url,
    enabled: endpoint.status === 'enabled',
    enabledEvents: endpoint.enabled_events,
    livemode: endpoint.livemode,
    apiVersion: endpoint.api_version,
    metadata: endpoint.metadata,
    createdAt: new Date(endpoint.created * 1000).toISOString(),
  };
}
