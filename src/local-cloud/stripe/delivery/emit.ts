import type { Call } from '../http/routes.js';
import { newId } from '../ids.js';
import { nowSeconds, type Side } from '../side.js';
import type { EventRecord, StripeObject } from '../tables.js';
import { planDelivery } from './deliver.js';
import { subscribers } from './receivers.js';

/** The request that caused an event; nulls for what Stripe does by itself. */
export interface Cause {
  livemode: boolean;
  requestId: string | null;
  idempotencyKey: string | null;
}

export function causedBy(call: Call): Cause {
  return { livemode: call.livemode, requestId: call.requestId, idempotencyKey: call.idempotencyKey };
}

export function byItself(livemode: boolean): Cause {
  return { livemode, requestId: null, idempotencyKey: null };
}

/** Records an event about `object` as it is now, and sends it to whoever is subscribed at this moment. */
export function emit(
  side: Side,
  cause: Cause,
  type: string,
  object: StripeObject,
  previous?: Record<string, unknown>,
): EventRecord {
  const receivers = subscribers(side, cause.livemode, type);
  const webhooks = receivers.filter((receiver) => receiver.to.kind === 'webhook').map(({ id }) => id);
  const event: EventRecord = {
    id: newId.event(),
    livemode: cause.livemode,
    type,
    created: nowSeconds(side),
    createdMs: side.cloud.clock.now(),
    object: structuredClone(object),
    request: { id: cause.requestId, idempotency_key: cause.idempotencyKey },
    subscribers: webhooks,
    undelivered: [...webhooks],
    ...(previous ? { previous } : {}),
  };
  side.tables.events.set(event.id, event);
  side.cloud.tell('stripe', `${event.id} ${type} ${object.id}`);
  for (const receiver of receivers) planDelivery(side, event.id, receiver.id);
  return event;
}
