import { setTimeout as sleep } from 'node:timers/promises';
import type { Change, Check } from '../core/check.js';
import type { Finding } from '../core/finding.js';
import { blocks, inspectAll } from '../core/inspect.js';
import type { Patience } from './converge.js';

/**
 * Looks again at what was looked at before the last change: a later fix may have changed it too. What seems broken by
 * that is given the time that AWS and Stripe need to show what was written.
 */
export async function lookBack<W, B>(
  checks: readonly Check<W, B>[],
  world: W,
  findings: readonly Finding[],
  changes: readonly Change[],
  { refresh, pausesMs }: Patience,
): Promise<Finding[]> {
  const changed = new Set(changes.map(({ check }) => check));
  const last = checks.findLastIndex(({ id }) => changed.has(id));
  const before = checks.slice(0, Math.max(0, last));
  if (before.length === 0) return [...findings];
  const known = new Map(findings.map((finding) => [finding.id, finding]));
  const look = () => inspectAll(before as readonly Check<W, never>[], world);
  let seen = await look();
  for (const pause of pausesMs) {
    if (!seen.some((finding) => blocks(finding) && known.get(finding.id)?.outcome === 'pass')) break;
    await sleep(pause);
    refresh();
    seen = await look();
  }
  for (const finding of seen) known.set(finding.id, finding);
  return findings.map((finding) => known.get(finding.id) ?? finding);
}
