import { ACCOUNT_API_VERSION } from '../../constants.js';
import type { Side } from '../../side.js';
import type { DestinationRecord, WebhookEndpointRecord } from '../../tables.js';
import { sourceStatus } from './source.js';

export type Include = 'webhook_endpoint.signing_secret' | 'webhook_endpoint.url';

/** A destination as the API shows it. What is not included reads null; no answer but the create's holds the secret. */
export function renderDestination(
  side: Side,
  record: DestinationRecord,
  include: Include[],
  secret: string | null = null,
) {
  const { eventBridge, webhook } = record;
  return {
    id: record.id,
    object: 'v2.core.event_destination' as const,
    created: new Date(record.createdMs).toISOString(),
    description: record.description,
    enabled_events: record.enabledEvents,
    event_payload: record.payload,
    events_from: record.eventsFrom,
    livemode: record.livemode,
    metadata: record.metadata,
    name: record.name,
    ...(record.payload === 'snapshot' ? { snapshot_api_version: record.apiVersion } : {}),
    status: record.disabledBecause === null ? ('enabled' as const) : ('disabled' as const),
    status_details: record.disabledBecause === null ? null : { disabled: { reason: record.disabledBecause } },
    type: record.type,
    updated: new Date(record.updatedMs).toISOString(),
    ...(eventBridge
      ? {
          amazon_eventbridge: {
            aws_account_id: eventBridge.account,
            aws_event_source_arn: eventBridge.arn,
            aws_event_source_status: sourceStatus(side, record),
          },
        }
      : {}),
    ...(webhook
      ? {
          webhook_endpoint: {
            signing_secret: include.includes('webhook_endpoint.signing_secret') ? secret : null,
            url: include.includes('webhook_endpoint.url') ? webhook.url : null,
          },
        }
      : {}),
  };
}

/** A v1 webhook endpoint as the v2 API mirrors it, under its own `we_` id. */
export function mirrorOf(endpoint: WebhookEndpointRecord): DestinationRecord {
  return {
    id: endpoint.id,
    livemode: endpoint.livemode,
    createdMs: endpoint.createdMs,
    updatedMs: endpoint.createdMs,
    name: endpoint.description ?? new URL(endpoint.url).hostname,
    description: endpoint.description ?? '',
    type: 'webhook_endpoint',
    payload: 'snapshot',
    enabledEvents: endpoint.enabledEvents,
    eventsFrom: [endpoint.connect ? '@accounts' : '@self'],
    metadata: endpoint.metadata,
    apiVersion: endpoint.apiVersion ?? ACCOUNT_API_VERSION,
    disabledBecause: endpoint.disabled ? 'user' : null,
    webhook: { url: endpoint.url, sealedSecret: endpoint.sealedSecret },
  };
}
