import { expect } from 'vitest';
import type { Fault } from '../../../src/local-cloud/kernel/faults.js';
import type { TestCloud } from '../../support/local-cloud.js';
import { type CliOptions, cachao } from './cli.js';

/**
 * Runs cachao and kills it (SIGKILL) when its call after `n` writes has had its effect, and before it hears of it.
 * False when it made no more than so many, and so ran to its end.
 */
export function killAfterWrites(
  cloud: TestCloud,
  n: number,
  args: string[],
  options: CliOptions,
): Promise<boolean> {
  return killAt(
    cloud,
    { service: '*', operation: 'writes', kind: 'hang-after', after: n, times: 1 },
    args,
    options,
  );
}

/** The same at the call that the fault describes. */
export async function killAt(
  cloud: TestCloud,
  fault: Fault,
  args: string[],
  options: CliOptions,
): Promise<boolean> {
  const { faults } = cloud.cloud;
  const fired = () => faults.list().some((one) => one.fired > 0);
  faults.set([fault]);
  const killed = await cachao(args, {
    ...options,
    started: (child) => {
      const watch = setInterval(() => {
        if (!fired() && child.exitCode === null) return;
        clearInterval(watch);
        child.kill('SIGKILL');
      }, 5);
    },
  });
  const reached = fired();
  faults.set([]);
  if (reached) expect(killed.signal, JSON.stringify(fault)).toBe('SIGKILL');
  return reached;
}
