import type { Invocation } from '../aws/lambda-writes.js';
import { CachaoError, CannotLookError } from '../core/errors.js';
import type { World } from './world.js';

/** How often a call is made that Lambda refuses because too many run at once: half a minute in all. */
export const THROTTLED_ATTEMPTS = 8;
const BACK_OFF_MS = 200;

/** Between half and all of 200 ms · 2^(attempt - 1). */
export function backOff(attempt: number): Promise<void> {
  const milliseconds = BACK_OFF_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Asks a function and waits for its answer, with as much patience as a delivery has while others keep it busy.
 * @throws CannotLookError FUNCTION_THROTTLED
 */
export async function askFunction(world: World, name: string, question: object): Promise<Invocation> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await world.invoke(name, JSON.stringify(question));
    } catch (error) {
      if (!(error instanceof CachaoError) || error.code !== 'AWS_THROTTLED') throw error;
      if (attempt >= THROTTLED_ATTEMPTS) throw throttled(name, error);
    }
    await backOff(attempt);
  }
}

function throttled(name: string, cause: CachaoError): CannotLookError {
  return new CannotLookError({
    code: 'FUNCTION_THROTTLED',
    message: `Lambda refused ${THROTTLED_ATTEMPTS} times to run ${name}, which was to be asked something.`,
    why: 'As many functions run at once as the account or the reserved concurrency of this one allows.',
    next: [
      'Run the command again when there is less to do. If it stays so, look at the concurrency: cachao doctor --only function.concurrency',
    ],
    cause,
  });
}
