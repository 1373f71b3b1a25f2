import { classify } from '../world/comparison/classify.js';
import { isPaidNow } from '../world/comparison/contradiction.js';
import { stageFacts } from '../world/comparison/facts.js';
import type { World } from '../world/world.js';
import { explain } from './explain.js';
import { hopsOf } from './hops.js';
import { findSubject, type Subject } from './subject.js';
import { subjectId } from './subject-id.js';
import { readContext } from './surroundings.js';
import type { Trace } from './types.js';

/**
 * Follows one payment by whatever it is called: every hop that it reached, with times, and the first that it did not,
 * with the likely reason. Only looks; messages of dead-letter queues stay where they are.
 */
export async function trace(world: World, asked: string): Promise<Trace> {
  const { settings } = world;
  const subject = await findSubject(world, subjectId(asked, settings.mode));
  const { event, session, order, ledger } = subject;
  const [around, facts] = await Promise.all([
    event ? readContext(world, event) : null,
    event && subject.unseen.length === 0 ? stageFacts(world) : null,
  ]);
  const recorded = ledger.find((one) => one.eventId === event?.id);
  const paidNow = event ? await isPaidNow(world, recorded, event) : false;
  const classified = event && facts ? classify(event, recorded, order, facts, paidNow) : null;
  return {
    asked,
    eventId: event?.id ?? ledger[0]?.eventId ?? null,
    eventType: event?.type ?? ledger[0]?.eventType ?? null,
    sessionId: session?.id ?? order?.sessionId ?? ledger[0]?.sessionId ?? null,
    paymentIntentId: session?.paymentIntentId ?? order?.paymentIntentId ?? null,
    orderId: order?.orderId ?? session?.metadata.order_id ?? ledger[0]?.orderId ?? null,
    otherEvents: otherEvents(subject),
    hops: hopsOf(subject, around, { webhook: settings.webhook, ledger: settings.stack.managed }),
    ...explain(subject, around, classified),
    unseen: [...subject.unseen, ...(around?.unseen ?? [])],
    decided: !settings.stack.managed || subject.unseen.length === 0,
  };
}

function otherEvents({ otherEvents: others }: Subject): Trace['otherEvents'] {
  return others.map((event) => ({
    eventId: event.id,
    eventType: event.type,
    createdAt: new Date(event.created * 1000).toISOString(),
  }));
}
