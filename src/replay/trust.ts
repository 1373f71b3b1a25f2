import { judgeClaim, type OwnPath } from '../../handlers/contract/claim.js';
import { envelopeOf, SOURCE_PREFIX, type StripeEnvelope } from '../../handlers/contract/envelope.js';
import { isTrusted } from '../../handlers/contract/queue-trust/trusted-since.js';
import type { StripeEvent } from '../../handlers/contract/stripe-event.js';
import type { DeadMessage } from './types.js';

/** Whose events may be delivered. */
export interface StageIdentity extends OwnPath {
  region: string;
}

export type RefusalCode =
  /** No event is in it. */
  | 'UNREADABLE'
  /** A test event on a live stage, or the other way round. */
  | 'WRONG_MODE'
  /** Stripe has no such event in this account: forged, of another account, or older than 30 days. */
  | 'UNKNOWN_TO_STRIPE'
  /** Stripe's own event of this id says something else. */
  | 'DIFFERS_FROM_STRIPE';

export type Judgement =
  | { kind: 'deliver'; envelope: StripeEnvelope /** Asked of Stripe. */; verified: boolean }
  | { kind: 'refuse'; code: RefusalCode; why: string };

/**
 * What may be delivered. Whoever may send to the queue could otherwise mark orders paid: only an envelope of this
 * stage's own, sent while the queue let nobody else in, is taken at its word. Any other event is fetched from Stripe
 * by its id and compared, and what is delivered then is Stripe's copy. @throws what asking Stripe throws
 */
export async function judge(
  dead: DeadMessage,
  own: StageIdentity,
  askStripe: (eventId: string) => Promise<StripeEvent | undefined>,
): Promise<Judgement> {
  const { content } = dead.letter;
  const claim = judgeClaim(content, own, isTrustedMessage(dead));
  if (claim.kind === 'refuse') return claim;
  if (claim.kind === 'own')
    return { kind: 'deliver', envelope: { ...claim.envelope, cachao: { via: 'replay' } }, verified: false };
  const { event } = claim;
  const real = await askStripe(event.id);
  if (!real)
    return refuse(
      'UNKNOWN_TO_STRIPE',
      `Stripe has no event ${event.id} in this account (it keeps events for 30 days)`,
    );
  const differing = differences(event, real);
  if (differing.length > 0)
    return refuse(
      'DIFFERS_FROM_STRIPE',
      `${event.id} is not what Stripe says: ${differing.join(', ')} differ`,
    );
  const source =
    own.source ?? (content.kind === 'envelope' ? content.envelope.source : `${SOURCE_PREFIX}unknown`);
  const { account, region } = own;
  return {
    kind: 'deliver',
    envelope: envelopeOf(real, { source, account, region }, 'replay'),
    verified: true,
  };
}

/** Only the path itself can have sent it. */
export function isTrustedMessage({ queue, message }: DeadMessage): boolean {
  return isTrusted(message.sentAt === null ? null : Date.parse(message.sentAt), queue.trustedSince);
}

/** Members that decide what becomes of an order; others (`pending_webhooks`…) change while Stripe delivers. */
function differences(claimed: StripeEvent, real: StripeEvent): string[] {
  const [said, true_] = [deciding(claimed), deciding(real)];
  return Object.keys(true_).filter((name) => JSON.stringify(said[name]) !== JSON.stringify(true_[name]));
}

function deciding(event: StripeEvent): Record<string, unknown> {
  const { object } = event.data;
  const intent = object.payment_intent as { id?: unknown } | string | null | undefined;
  const metadata = object.metadata as Record<string, unknown> | null | undefined;
  return {
    id: event.id,
    type: event.type,
    created: event.created,
    livemode: event.livemode,
    object: object.id ?? null,
    payment_status: object.payment_status ?? null,
    amount_total: object.amount_total ?? null,
    currency: object.currency ?? null,
    payment_intent: (typeof intent === 'object' ? intent?.id : intent) ?? null,
    metadata: Object.entries(metadata ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}

function refuse(code: RefusalCode, why: string): Judgement {
  return { kind: 'refuse', code, why };
}
