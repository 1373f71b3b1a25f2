import { setTimeout as sleep } from 'node:timers/promises';
import { InterruptedError } from '../core/errors.js';
import type { StackRun } from './services.js';

const FIRST_MS = 200;
const LONGEST_MS = 2_000;
const GROWTH = 1.4;

/**
 * Looks again and again, ever less often, until there is an answer. Errors end it at once: a missing permission or
 * expired credentials do not heal by waiting.
 * @throws InterruptedError; what was started at AWS goes on, and the next run follows it.
 */
export async function pollUntil<T>(run: StackRun, look: () => Promise<T | undefined>): Promise<T> {
  let wait = FIRST_MS;
  for (;;) {
    if (run.signal?.aborted) throw stopped();
    const answer = await look();
    if (answer !== undefined) return answer;
    try {
      await sleep(wait, undefined, run.signal ? { signal: run.signal } : {});
    } catch {
      throw stopped();
    }
    wait = Math.min(wait * GROWTH, run.longestPollMs ?? LONGEST_MS);
  }
}

function stopped(): InterruptedError {
  return new InterruptedError('Interrupted. What CloudFormation was asked to do goes on without us.', [
    'Run the same command again: it waits for CloudFormation and goes on from there.',
  ]);
}
