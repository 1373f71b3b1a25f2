import type { DeadLetterContent } from './dead-letter.js';
import type { StripeEnvelope } from './envelope.js';
import type { StripeEvent } from './stripe-event.js';

/** Whose events may be delivered. */
export interface OwnPath {
  /** The partner event source, which is the bus's name too; null where the stage has none. */
  source: string | null;
  /** The AWS account. */
  account: string;
  livemode: boolean;
}

/** What a dead letter is good for, before anybody asks Stripe. */
export type Claim =
  /** Taken at its word. */
  | { kind: 'own'; envelope: StripeEnvelope }
  /** Only Stripe can tell. */
  | { kind: 'ask'; event: StripeEvent; why: string }
  /** Nobody needs to be asked. */
  | { kind: 'refuse'; code: 'UNREADABLE' | 'WRONG_MODE'; why: string };

/**
 * Judges what was kept, of every shape. Whoever may send to the queue could mark orders paid: only an envelope of this
 * stage's own is believed, and only when nobody but the path itself can have sent it.
 */
export function judgeClaim(content: DeadLetterContent, own: OwnPath, isTrusted: boolean): Claim {
  if (content.kind === 'unreadable') return { kind: 'refuse', code: 'UNREADABLE', why: content.why };
  const { event } = content;
  if (event.livemode !== own.livemode)
    return {
      kind: 'refuse',
      code: 'WRONG_MODE',
      why: `${event.id} is of ${modeOf(event.livemode)} mode, this stage of ${modeOf(own.livemode)}`,
    };
  if (content.kind !== 'envelope')
    return { kind: 'ask', event, why: 'it is no envelope of EventBridge: only Stripe can confirm it' };
  if (!isOwnEnvelope(content.envelope, own))
    return {
      kind: 'ask',
      event,
      why: 'its source, account or mode is not of this stage: only Stripe can confirm it',
    };
  if (!isTrusted)
    return { kind: 'ask', event, why: 'another sender could have sent it: only Stripe can confirm it' };
  return { kind: 'own', envelope: content.envelope };
}

/** Whether an envelope says of itself, everywhere, that it came by this stage's own path. */
export function isOwnEnvelope(envelope: StripeEnvelope, own: OwnPath): boolean {
  const { detail } = envelope;
  const { livemode } = detail.data.object;
  return (
    own.source !== null &&
    envelope.source === own.source &&
    envelope.account === own.account &&
    envelope['detail-type'] === detail.type &&
    detail.livemode === own.livemode &&
    (livemode === undefined || livemode === own.livemode)
  );
}

function modeOf(livemode: boolean): string {
  return livemode ? 'live' : 'test';
}
