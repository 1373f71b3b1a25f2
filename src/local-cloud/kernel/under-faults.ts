import { setTimeout as wallSleep } from 'node:timers/promises';
import type { Fault } from './faults.js';
import { isKillable } from './processes.js';

/** Thrown to cut the connection without an answer; `undefined` keeps it open for ever. */
export class NoAnswer extends Error {
  constructor(readonly how: 'reset' | 'hang') {
    super(`no answer: ${how}`);
  }
}

/** How a service words the faults that are answers. */
export interface FaultErrors {
  throttle(): Error;
  error(fault: Fault): Error;
  deny(): Error;
}

/** Runs `effect` under the faults drawn for it: before it, after it, or instead of it. */
export async function underFaults<T>(
  drawn: Fault[],
  errors: FaultErrors,
  effect: () => Promise<T>,
): Promise<T> {
  for (const fault of drawn) {
    if (fault.kind === 'latency') await wallSleep(fault.milliseconds ?? 0);
    else if (fault.kind === 'throttle') throw errors.throttle();
    else if (fault.kind === 'error') throw errors.error(fault);
    else if (fault.kind === 'deny') throw errors.deny();
    else if (fault.kind === 'reset') throw new NoAnswer('reset');
    else if (fault.kind === 'hang') throw new NoAnswer('hang');
    else if (fault.kind === 'kill') killClient(fault);
    else {
      await effect();
      if (fault.kind === 'error-after') throw errors.error(fault);
      if (fault.kind === 'kill-after') killClient(fault);
      throw new NoAnswer(fault.kind === 'hang-after' ? 'hang' : 'reset');
    }
  }
  return effect();
}

function killClient(fault: Fault): never {
  // It may have ended since the fault was set, and its pid may be another program's.
  if (fault.pid !== undefined && isKillable(fault.pid)) process.kill(fault.pid, 'SIGKILL');
  throw new NoAnswer('reset');
}
