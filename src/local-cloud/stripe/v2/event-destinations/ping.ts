import { planDelivery } from '../../delivery/deliver.js';
import { invalidRequest } from '../../http/errors.js';
import type { Call } from '../../http/routes.js';
import { newId } from '../../ids.js';
import type { ThinEvent } from '../../tables.js';
import { findDestination } from './find.js';

/** Sends a thin `v2.core.event_destination.ping` to this destination alone and answers with it. */
export function pingDestination(_: object, call: Call): object {
  const { side, livemode } = call;
  const { id, disabledBecause } = findDestination(call, call.path.id as string);
  if (disabledBecause !== null)
    throw invalidRequest(`The event destination ${id} is disabled and cannot be pinged.`);
  const event: ThinEvent = {
    id: newId.v2Event(livemode),
    object: 'v2.core.event',
    type: 'v2.core.event_destination.ping',
    created: new Date(side.cloud.clock.now()).toISOString(),
    livemode,
    context: null,
    reason: { type: 'request', request: { id: call.requestId, idempotency_key: call.idempotencyKey ?? '' } },
    related_object: {
      id,
      type: 'v2.core.event_destination',
      url: `/v2/core/event_destinations/${id}`,
    },
  };
  side.tables.thinEvents.set(event.id, event);
  side.cloud.tell('stripe', `${event.id} ${event.type} ${id}`);
  planDelivery(side, event.id, id);
  return event;
}
