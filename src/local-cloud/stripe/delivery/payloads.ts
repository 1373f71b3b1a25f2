import { ACCOUNT_API_VERSION } from '../constants.js';
import type { EventRecord, ThinEvent } from '../tables.js';
import { type Receiver, thinType } from './receivers.js';

/** A snapshot event as the API shows it, and, in its own version, as a receiver gets it. */
export function renderEvent(event: EventRecord, apiVersion: string | null = ACCOUNT_API_VERSION) {
  return {
    id: event.id,
    object: 'event' as const,
    api_version: apiVersion ?? ACCOUNT_API_VERSION,
    created: event.created,
    data: {
      object: event.object,
      ...(event.previous ? { previous_attributes: event.previous } : {}),
    },
    livemode: event.livemode,
    pending_webhooks: event.undelivered.length,
    request: event.request,
    type: event.type,
  };
}

/** The body for one receiver and the event type that it travels under. */
export function payloadFor(
  receiver: Receiver,
  event: EventRecord | ThinEvent,
): { type: string; body: object } {
  if ('related_object' in event) return { type: event.type, body: event };
  if (receiver.payload === 'snapshot')
    return { type: event.type, body: renderEvent(event, receiver.apiVersion) };
  const type = thinType(event.type);
  const path = PATHS[event.object.object] ?? `/v1/${event.object.object.replaceAll('.', '/')}s`;
  return {
    type,
    body: {
      id: event.id,
      object: 'v2.core.event',
      type,
      created: new Date(event.createdMs).toISOString(),
      livemode: event.livemode,
      context: null,
      reason: null,
      related_object: {
        id: event.object.id,
        type: event.object.object,
        url: `${path}/${event.object.id}`,
      },
      snapshot_event: event.id,
    },
  };
}

const PATHS: Record<string, string> = { 'checkout.session': '/v1/checkout/sessions' };
