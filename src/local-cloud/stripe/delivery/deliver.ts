import { randomInt } from 'node:crypto';
import type { Side } from '../side.js';
import type { DeliveryRecord, EventRecord, ThinEvent } from '../tables.js';
import { handToEventBridge } from './eventbridge.js';
import { payloadFor } from './payloads.js';
import { type Receiver, receiver } from './receivers.js';
import { DUPLICATE_MS, FIRST_ATTEMPT_MS, HELD_BACK_MS, nextAttemptIn } from './schedule.js';
import { signatureHeader } from './signature.js';
import { post } from './transport.js';

export const DELIVER = 'deliver';

/** Plans the first attempt to bring an event to a receiver. */
export function planDelivery(side: Side, event: string, to: string, manual = false): void {
  const { duplicateRate, reorder, delayMs } = side.unkindness;
  const id = `${event}/${to}${manual ? `/${randomInt(2 ** 40)}` : ''}`;
  const copies = Math.random() < duplicateRate ? 1 : 0;
  const held = reorder && waitingFor(side, to) % 2 === 0 ? HELD_BACK_MS : 0;
  side.tables.deliveries.set(id, { event, receiver: to, attempts: 0, copies, manual });
  side.agenda.plan(DELIVER, id, FIRST_ATTEMPT_MS + delayMs + held);
}

/** One attempt. Runs again after a crash in the middle of it: a duplicate, as at Stripe. */
export async function deliver(side: Side, id: string): Promise<void> {
  const delivery = side.tables.deliveries.get(id);
  const event =
    delivery && (side.tables.events.get(delivery.event) ?? side.tables.thinEvents.get(delivery.event));
  const to = delivery && receiver(side, delivery.receiver);
  if (!delivery || !event || !to) {
    side.tables.deliveries.delete(id);
    return;
  }
  const failure = to.enabled ? await attempt(side, to, event) : 'is disabled';
  const made = delivery.attempts + 1;
  if (failure === undefined) succeeded(side, id, delivery);
  else failed(side, id, delivery, made, failure, to.livemode);
}

/** Undefined when the event arrived; else why it did not. */
async function attempt(
  side: Side,
  to: Receiver,
  event: EventRecord | ThinEvent,
): Promise<string | undefined> {
  const { type, body } = payloadFor(to, event);
  if (to.to.kind === 'eventbridge')
    return handToEventBridge(side, to.id, { detailType: type, detail: body, time: timeOf(event) });
  const text = JSON.stringify(body, null, 2);
  const seconds = Math.floor(side.cloud.clock.now() / 1000);
  const secret = side.cloud.store.unseal(to.to.sealedSecret);
  const answered = await post(
    side.cloud,
    to.to.url,
    {
      'content-type': 'application/json; charset=utf-8',
      accept: '*/*; q=0.5, application/xml',
      'cache-control': 'no-cache',
      'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      'stripe-signature': signatureHeader(text, [secret], seconds, to.livemode),
    },
    text,
  );
  if ('failure' in answered) return `could not be reached: ${answered.failure}`;
  return answered.status >= 200 && answered.status < 300 ? undefined : `answered ${answered.status}`;
}

function succeeded(side: Side, id: string, delivery: DeliveryRecord): void {
  const event = side.tables.events.get(delivery.event);
  if (event?.undelivered.includes(delivery.receiver)) {
    const undelivered = event.undelivered.filter((receiver) => receiver !== delivery.receiver);
    side.tables.events.set(event.id, { ...event, undelivered });
  }
  side.cloud.tell('stripe', `${delivery.event} delivered to ${delivery.receiver}`);
  if (delivery.copies === 0) {
    side.tables.deliveries.delete(id);
    return;
  }
  side.tables.deliveries.set(id, { ...delivery, copies: delivery.copies - 1 });
  side.agenda.plan(DELIVER, id, DUPLICATE_MS);
}

function failed(
  side: Side,
  id: string,
  delivery: DeliveryRecord,
  made: number,
  why: string,
  livemode: boolean,
): void {
  const wait = delivery.manual ? undefined : nextAttemptIn(made, livemode);
  const next = wait === undefined ? 'no further attempt' : `again in ${Math.round(wait / 60_000)} min`;
  side.cloud.tell('stripe', `${delivery.event} to ${delivery.receiver}, attempt ${made}: ${why}; ${next}`);
  if (wait === undefined) {
    side.tables.deliveries.delete(id);
    return;
  }
  side.tables.deliveries.set(id, { ...delivery, attempts: made });
  side.agenda.plan(DELIVER, id, wait);
}

function waitingFor(side: Side, to: string): number {
  return side.tables.deliveries.values().filter((delivery) => delivery.receiver === to).length;
}

function timeOf(event: EventRecord | ThinEvent): number {
  return 'createdMs' in event ? (event as EventRecord).createdMs : Date.parse((event as ThinEvent).created);
}
