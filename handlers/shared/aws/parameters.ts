import { SECRET_MAXIMUM_AGE_MS, SECRET_STALE_LIMIT_MS } from '../../contract/environment.js';
import type { HandlerError } from '../errors.js';
import { logLine } from '../log.js';
import { askForParameter, type ParameterValue, type Patience } from './ask-parameter.js';

interface Held extends ParameterValue {
  readAt: number;
  /** SSM was away: it is left alone until then. */
  leaveUntil: number;
}

/** New execution environments all ask at once, and SSM's rate limit is low. */
const WITHOUT_VALUE: Patience = { attempts: 5, timeoutMs: 5_000 };
/** With a value in hand nobody has to wait long. */
const WITH_VALUE: Patience = { attempts: 2, timeoutMs: 2_000 };
const LEAVE_MS = 5_000;

const held = new Map<string, Held>();

/**
 * An SSM parameter's decrypted value, kept in the execution environment. While SSM throttles or is away, the value that
 * it gave last is used, for a quarter of an hour, with a line in the log.
 * @param maximumAgeMs SSM is asked again when the value was read longer ago than this; 0: in any case
 * @throws HandlerError CONFIGURATION, with SSM's own error code
 */
export async function readParameter(
  name: string,
  maximumAgeMs: number = SECRET_MAXIMUM_AGE_MS,
): Promise<ParameterValue> {
  const known = held.get(name);
  const now = Date.now();
  if (known && now - known.readAt < maximumAgeMs) return known;
  if (known && maximumAgeMs > 0 && now < known.leaveUntil) return known;
  const answer = await askForParameter(name, known ? WITH_VALUE : WITHOUT_VALUE);
  if ('error' in answer) return stale(known, answer);
  held.set(name, { ...answer, readAt: now, leaveUntil: 0 });
  return answer;
}

/** @throws HandlerError the refusal, where SSM meant it, or the value is too old */
function stale(
  known: Held | undefined,
  { error, passing }: { error: HandlerError; passing: boolean },
): ParameterValue {
  const ageMs = known ? Date.now() - known.readAt : Number.POSITIVE_INFINITY;
  if (!known || !passing || ageMs > SECRET_STALE_LIMIT_MS) throw error;
  known.leaveUntil = Date.now() + LEAVE_MS;
  logLine({
    level: 'WARN',
    message: `${error.message} Version ${known.version}, read ${Math.round(ageMs / 1000)} s ago, is used meanwhile.`,
  });
  return known;
}
