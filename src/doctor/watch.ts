import { setTimeout as sleep } from 'node:timers/promises';
import type { Finding } from '../core/finding.js';
import type { Diagnosis } from './diagnose.js';

/** A check that stands otherwise than at the look before; null where it was not looked at then. */
export interface ChangedFinding {
  before: Finding | null;
  after: Finding;
}

export interface WatchOptions {
  /** A new look at everything. */
  look(): Promise<Diagnosis>;
  /** Between the end of a look and the next. */
  intervalMs: number;
  /** Called after each look. At the first, nothing has changed yet. */
  seen(diagnosis: Diagnosis, changed: readonly ChangedFinding[]): void;
  signal: AbortSignal;
}

/** Looks again and again until the signal comes, and returns what was seen last. */
export async function watch({ look, intervalMs, seen, signal }: WatchOptions): Promise<Diagnosis> {
  let last = await look();
  if (!signal.aborted) seen(last, []);
  while (!signal.aborted) {
    await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    const now = await look();
    // A look that was cut short says little.
    if (signal.aborted) break;
    seen(now, changesBetween(last.findings, now.findings));
    last = now;
  }
  return last;
}

/** What stands otherwise. Numbers alone (ages, milliseconds) are no change; they would never be quiet. */
export function changesBetween(before: readonly Finding[], after: readonly Finding[]): ChangedFinding[] {
  const known = new Map(before.map((finding) => [finding.id, finding]));
  return after
    .map((finding) => ({ before: known.get(finding.id) ?? null, after: finding }))
    .filter((one) => one.before === null || differs(one.before, one.after));
}

function differs(before: Finding, after: Finding): boolean {
  if (before.outcome !== after.outcome) return true;
  return after.outcome !== 'pass' && withoutNumbers(before.summary) !== withoutNumbers(after.summary);
}

const withoutNumbers = (text: string): string => text.replace(/\d+/g, '');
