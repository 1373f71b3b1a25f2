import type { StripeEnvelope } from '../../handlers/contract/envelope.js';
import type { EventOutcome, HandlerErrorCode } from '../../handlers/contract/ledger.js';
import { CachaoError } from '../core/errors.js';
import type { World } from '../world/world.js';

export type Delivery =
  | { ok: true; outcome: string | null }
  | {
      ok: false;
      /** The handler's code, Lambda's (`Sandbox.Timedout`), or ours for a call that was refused. */
      code: string;
      message: string;
      /** Refused for its rate: the function has not seen the event. */
      throttled: boolean;
    };

/** Codes that say something about this one event: the next may well succeed. */
const ABOUT_THE_EVENT = new Set<string>([
  'MALFORMED_EVENT',
  'MISSING_ORDER_ID',
  'UNKNOWN_ORDER',
  'AMOUNT_MISMATCH',
  'CURRENCY_MISMATCH',
  'SESSION_MISMATCH',
  'ORDER_NOT_PAYABLE',
] satisfies HandlerErrorCode[]);

export function isAboutTheEvent(code: string): boolean {
  return ABOUT_THE_EVENT.has(code);
}

/** Runs the function on the event and waits. It succeeded only if it said so: a failed one answers 200 too. */
export async function deliver(
  world: World,
  functionArn: string,
  envelope: StripeEnvelope,
): Promise<Delivery> {
  try {
    const { functionError, payload } = await world.invoke(functionArn, JSON.stringify(envelope));
    return functionError === null
      ? { ok: true, outcome: outcomeIn(payload) }
      : failureIn(payload, functionError);
  } catch (error) {
    if (!(error instanceof CachaoError)) throw error;
    return { ok: false, code: error.code, message: error.message, throttled: error.code === 'AWS_THROTTLED' };
  }
}

function failureIn(payload: string, functionError: string): Delivery {
  const { errorType, errorMessage } = objectIn(payload);
  const message = typeof errorMessage === 'string' ? errorMessage : 'it gave no message';
  const timedOut = /Task timed out after/.test(message);
  const code =
    typeof errorType === 'string' && errorType !== '' ? errorType : timedOut ? 'Timeout' : functionError;
  return { ok: false, code, message, throttled: false };
}

/** Our own handler tells what became of the order; another need not. */
function outcomeIn(payload: string): EventOutcome | null {
  const { outcome } = objectIn(payload);
  return typeof outcome === 'string' ? (outcome as EventOutcome) : null;
}

function objectIn(payload: string): Record<string, unknown> {
  try {
    return (JSON.parse(payload) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
