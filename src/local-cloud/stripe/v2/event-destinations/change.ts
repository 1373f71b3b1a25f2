import { invalidRequest, StripeError } from '../../http/errors.js';
import { changedMetadata } from '../../http/metadata.js';
import type { Call } from '../../http/routes.js';
import { webhookUrl } from '../../v1/webhook-endpoints/url.js';
import { findDestination, saveDestination } from './find.js';
import { reindex } from './index-lag.js';
import { checkEvents, type Update } from './parameters.js';
import { renderDestination } from './render.js';
import { deleteSource, sourceStatus } from './source.js';

export function updateDestination(params: Update, call: Call): object {
  const before = findDestination(call, call.path.id as string);
  const url = params.webhook_endpoint?.url;
  if (url !== undefined && !before.webhook)
    throw invalidRequest(
      `webhook_endpoint cannot be given for a destination of type ${before.type}.`,
      'webhook_endpoint',
    );
  const after = saveDestination(call, {
    ...before,
    name: params.name ?? before.name,
    description: params.description === undefined ? before.description : (params.description ?? ''),
    enabledEvents: params.enabled_events
      ? checkEvents(params.enabled_events, before.payload)
      : before.enabledEvents,
    metadata: changedMetadata(before.metadata, params.metadata),
    ...(url !== undefined && before.webhook
      ? { webhook: { ...before.webhook, url: webhookUrl(url, call.livemode, 'webhook_endpoint[url]') } }
      : {}),
  });
  reindex(call.side, after.id);
  return renderDestination(call.side, after, params.include ?? []);
}

export function enableDestination(_: object, call: Call): object {
  const before = findDestination(call, call.path.id as string);
  if (before.eventBridge && sourceStatus(call.side, before) === 'deleted')
    throw new StripeError(
      400,
      { code: 'no_aws_event_source_exists' },
      `The AWS event source of ${before.id} no longer exists, so it cannot be enabled. Create a new event destination.`,
    );
  return switchTo(call, null);
}

export function disableDestination(_: object, call: Call): object {
  const before = findDestination(call, call.path.id as string);
  return before.disabledBecause === null ? switchTo(call, 'user') : renderDestination(call.side, before, []);
}

function switchTo(call: Call, disabledBecause: 'user' | null): object {
  const before = findDestination(call, call.path.id as string);
  const after = saveDestination(call, { ...before, disabledBecause });
  reindex(call.side, after.id);
  call.side.cloud.tell('stripe', `${after.id} ${disabledBecause === null ? 'enabled' : 'disabled'}`);
  return renderDestination(call.side, after, []);
}

export function deleteDestination(_: object, call: Call): object {
  const { side } = call;
  const record = findDestination(call, call.path.id as string);
  if (!side.tables.webhookEndpoints.delete(record.id)) {
    side.tables.destinations.delete(record.id);
    reindex(side, record.id);
  }
  // After the destination: what happens to the source is then news about nobody.
  deleteSource(side, record);
  side.cloud.tell('stripe', `${record.id} deleted`);
  return { id: record.id, object: 'v2.core.event_destination' };
}
