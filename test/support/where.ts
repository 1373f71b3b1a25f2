import { describe, it } from 'vitest';
import { markSkipped } from './skip-reason.js';

/** Tests that need what this machine may not have. The summary at the end tells what was left out, and why. */
export function describeWhere(holds: boolean, otherwise: string): typeof describe {
  return holds ? describe : because(describe, describe.skip, otherwise);
}

/** The same for a single test. */
export function itWhere(holds: boolean, otherwise: string): typeof it {
  return holds ? it : because(it, it.skip, otherwise);
}

function because<T extends typeof describe | typeof it>(kind: T, skip: unknown, reason: string): T {
  const skipMarked = (title: string, ...rest: unknown[]) =>
    (skip as (title: string, ...rest: unknown[]) => void)(markSkipped(title, reason), ...rest);
  return Object.assign(skipMarked, kind) as unknown as T;
}
