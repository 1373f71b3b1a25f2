import { invalidRequest } from '../../http/errors.js';
import { changedMetadata } from '../../http/metadata.js';
import type { Call } from '../../http/routes.js';
import { newId } from '../../ids.js';
import type { DestinationRecord } from '../../tables.js';
import { checkEndpointLimit } from '../../v1/webhook-endpoints/limit.js';
import { reindex } from './index-lag.js';
import { type Creation, checkEvents, checkTarget } from './parameters.js';
import { renderDestination } from './render.js';
import { createSource } from './source.js';

export function createDestination(params: Creation, call: Call): object {
  const { side, livemode } = call;
  checkTarget(params, livemode);
  if (params.event_payload === 'thin' && params.snapshot_api_version !== undefined)
    throw invalidRequest('snapshot_api_version cannot be given for a thin payload.', 'snapshot_api_version');
  const now = side.cloud.clock.now();
  const id = newId.destination(livemode);
  const secret = params.type === 'webhook_endpoint' ? newId.signingSecret() : null;
  const shared: Omit<DestinationRecord, 'type'> = {
    id,
    livemode,
    createdMs: now,
    updatedMs: now,
    name: params.name,
    description: params.description ?? '',
    payload: params.event_payload,
    enabledEvents: checkEvents(params.enabled_events, params.event_payload),
    eventsFrom: params.events_from ?? ['@self'],
    metadata: changedMetadata({}, params.metadata),
    apiVersion: params.snapshot_api_version ?? null,
    disabledBecause: null,
  };
  const record: DestinationRecord = { ...shared, ...target(params, call, id, secret) };
  side.tables.destinations.set(id, record);
  reindex(side, id);
  side.cloud.tell('stripe', `${id} created (${record.type})`);
  return renderDestination(side, record, params.include ?? [], secret);
}

function target(
  params: Creation,
  call: Call,
  id: string,
  secret: string | null,
): Pick<DestinationRecord, 'type' | 'eventBridge' | 'webhook'> {
  const { side } = call;
  if (params.amazon_eventbridge) {
    const { aws_account_id: account, aws_region: region } = params.amazon_eventbridge;
    const arn = createSource(side, region, account, id);
    return { type: 'amazon_eventbridge', eventBridge: { account, region, arn } };
  }
  checkEndpointLimit(side, call.livemode);
  const url = params.webhook_endpoint?.url as string;
  return {
    type: 'webhook_endpoint',
    webhook: { url, sealedSecret: side.cloud.store.seal(secret as string) },
  };
}
