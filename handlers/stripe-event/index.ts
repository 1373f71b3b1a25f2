import { isStripeEnvelope } from '../contract/envelope.js';
import { type FunctionProbe, isProbe } from '../contract/probe.js';
import { HandlerError } from '../shared/errors.js';
import type { Applied } from '../shared/event/apply-event.js';
import type { Invocation } from '../shared/invocation.js';
import { answerProbe } from '../shared/probe.js';
import { processEvent } from '../shared/process-event.js';

/**
 * Takes one Stripe event from EventBridge (or from replay and reconciliation, which deliver in its place).
 * What it cannot apply it throws: Lambda tries twice more, then the event goes to the dead-letter queue.
 */
export async function handler(envelope: unknown, invocation: Invocation): Promise<Applied | FunctionProbe> {
  const receivedAt = new Date();
  if (isProbe(envelope)) return answerProbe();
  if (!isStripeEnvelope(envelope)) {
    throw new HandlerError('MALFORMED_EVENT', 'The invocation is not an EventBridge event from Stripe.');
  }
  const { detail } = envelope;
  if (envelope['detail-type'] !== detail.type) {
    throw new HandlerError(
      'MALFORMED_EVENT',
      `${detail.id} is a ${detail.type} in an envelope for ${envelope['detail-type']}.`,
    );
  }
  const via = envelope.cachao?.via ?? 'eventbridge';
  if (via !== 'eventbridge' && via !== 'replay' && via !== 'reconcile') {
    throw new HandlerError('MALFORMED_EVENT', `${detail.id} says it came via ${String(via)}.`);
  }
  return processEvent(detail, { id: invocation.awsRequestId, via, receivedAt }, envelope.time);
}
