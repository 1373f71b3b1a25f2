import type { Change } from '../core/check.js';
import type { Finding } from '../core/finding.js';

/** A change that was made, and whose check does not hold afterwards. */
export interface NotRepaired {
  change: Change;
  /** What the look afterwards found: the reason, and what to do next. Null: it was not looked at again. */
  finding: Finding | null;
}

/** Changes by what the look after them says: only that decides whether something is repaired. */
export function byHold(
  changes: readonly Change[],
  findings: readonly Finding[],
): { repaired: Change[]; notRepaired: NotRepaired[] } {
  const found = changes.map((change) => ({
    change,
    finding: findings.find(({ id }) => id === change.check) ?? null,
  }));
  return {
    repaired: found.filter(({ finding }) => holds(finding)).map(({ change }) => change),
    notRepaired: found.filter(({ finding }) => !holds(finding)),
  };
}

/** A failure that is left as a warning is repaired as far as a machine can: the rest is up to a person. */
function holds(finding: Finding | null): boolean {
  return finding?.outcome === 'pass' || (finding?.outcome === 'warn' && finding.severity === 'fail');
}

/** The same for machines: each check once, with its reason and the commands that come next. */
export function notRepairedIds(changes: readonly Change[], findings: readonly Finding[]) {
  const seen = new Map(byHold(changes, findings).notRepaired.map((one) => [one.change.check, one.finding]));
  return [...seen].map(([check, finding]) => ({
    check,
    reason: finding?.summary ?? 'it was not checked again',
    next: finding?.remedy?.commands ?? [],
  }));
}
