import { expect } from 'vitest';
import type { TestCloud } from '../../support/local-cloud.js';
import { type CliOptions, cachao } from './cli.js';

/**
 * Runs cachao and kills it (SIGKILL) when its call after `n` writes has had its effect, and before it hears of it.
 * False when it made no more than so many, and so ran to its end.
 */
export async function killAfterWrites(
  cloud: TestCloud,
  n: number,
  args: string[],
  options: CliOptions,
): Promise<boolean> {
  const { faults } = cloud.cloud;
  const fired = () => faults.list().some((fault) => fault.fired > 0);
  faults.set([{ service: '*', operation: 'writes', kind: 'hang-after', after: n, times: 1 }]);
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
  if (reached) expect(killed.signal, `n = ${n}`).toBe('SIGKILL');
  return reached;
}
