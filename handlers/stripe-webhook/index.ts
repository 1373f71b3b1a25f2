import { type FunctionProbe, isProbe } from '../contract/probe.js';
import { claimedEventId, type RefusalLogRecord } from '../contract/refusal.js';
import { isStripeEvent, PROBE_EVENT_TYPE, type StripeEvent } from '../contract/stripe-event.js';
import { readConfiguration } from '../shared/configuration.js';
import { HandlerError } from '../shared/errors.js';
import type { Invocation } from '../shared/invocation.js';
import { logLine } from '../shared/log.js';
import { answerProbe } from '../shared/probe.js';
import { processEvent } from '../shared/process-event.js';
import { header, rawBody, refuse, respond, type WebhookRequest, type WebhookResponse } from './request.js';
import { freshSigningSecrets, signingSecrets } from './secrets.js';
import { type SignatureVerdict, verifySignature } from './signature.js';

const REFUSALS: Record<Exclude<SignatureVerdict, 'valid'>, string> = {
  missing: 'There is no Stripe-Signature header.',
  invalid:
    'The signature was not made with a signing secret of this endpoint, or the body was changed on the way.',
  expired: 'The signature is more than five minutes old.',
};

/**
 * Takes one Stripe event as a webhook, behind API Gateway. 200: applied, or nothing to do. 400: not signed by Stripe.
 * 500: could not be applied, Stripe will send it again; the log line says why.
 */
export async function handler(
  request: WebhookRequest,
  invocation: Invocation,
): Promise<WebhookResponse | FunctionProbe> {
  const receivedAt = new Date();
  if (isProbe(request)) return answerProbe();
  try {
    const body = rawBody(request);
    const verdict = await verify(body, header(request, 'stripe-signature'));
    if (verdict !== 'valid') {
      logRefusal(verdict, body, receivedAt);
      return refuse(400, `SIGNATURE_${verdict.toUpperCase()}`, REFUSALS[verdict]);
    }
    const event = parseEvent(body);
    if (event.type === PROBE_EVENT_TYPE) return respond(200, { received: true, probe: true });
    const { outcome } = await processEvent(event, {
      id: invocation.awsRequestId,
      via: 'webhook',
      receivedAt,
    });
    return respond(200, { received: true, outcome });
  } catch (error) {
    if (!(error instanceof HandlerError)) console.error(error);
    const code = error instanceof HandlerError ? error.code : 'INTERNAL';
    // Whoever reads a webhook's answer (Stripe's dashboard) needs the code; the log has the rest.
    return refuse(500, code, 'The event could not be applied.');
  }
}

async function verify(body: Buffer, signature: string | undefined): Promise<SignatureVerdict> {
  if (!signature) return 'missing';
  try {
    const { webhookSecretParameter } = readConfiguration();
    const verdict = verifySignature(body, signature, await signingSecrets(webhookSecretParameter));
    if (verdict !== 'invalid') return verdict;
    return verifySignature(body, signature, await freshSigningSecrets(webhookSecretParameter));
  } catch (error) {
    console.error(`${(error as Error).name}: ${(error as Error).message}`);
    throw error;
  }
}

/** What is not signed at all is not worth a line: the URL is open to everybody. */
function logRefusal(verdict: Exclude<SignatureVerdict, 'valid'>, body: Buffer, receivedAt: Date): void {
  const eventId = claimedEventId(body.toString('latin1'));
  if (verdict === 'missing' || eventId === undefined) return;
  const record: RefusalLogRecord = {
    ...{ level: 'WARN', message: 'signature-refused' },
    ...{ verdict, eventId, receivedAt: receivedAt.toISOString() },
  };
  logLine(record);
}

function parseEvent(body: Buffer): StripeEvent {
  let event: unknown;
  try {
    event = JSON.parse(body.toString('utf8'));
  } catch {
    throw malformed('The signed body is not JSON.');
  }
  if (!isStripeEvent(event)) throw malformed('The signed body is not a Stripe snapshot event.');
  return event;
}

function malformed(message: string): HandlerError {
  const error = new HandlerError('MALFORMED_EVENT', message);
  console.error(`${error.name}: ${error.message}`);
  return error;
}
