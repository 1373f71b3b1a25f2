import type { Change, Check, PlannedChange } from '../core/check.js';
import type { Finding } from '../core/finding.js';
import { blocks, type InspectionEvents, inspectAll } from '../core/inspect.js';

/** What the person is asked to agree to. */
export interface ProposedChange<B> extends PlannedChange<B> {
  /** Its check could not be inspected yet, so its details are what is expected. */
  provisional: boolean;
}

/** What stands between the world as it is and the healthy state. */
export interface Plan<B> {
  findings: Finding[];
  /** In the order in which they would be made. */
  changes: ProposedChange<B>[];
  /** Unhealthy, and something that would be changed rests on it, and only a person can put it right. */
  blockers: Finding[];
  /** Unhealthy and only a person can put it right, but nothing here rests on it. */
  forPerson: Finding[];
}

/** Inspects everything at once and plans each fix from what is known now. Only looks. */
export async function makePlan<W, B>(
  checks: readonly Check<W, B>[],
  world: W,
  events: InspectionEvents = {},
): Promise<Plan<B>> {
  const findings = await inspectAll(checks as readonly Check<W, never>[], world, events);
  return planFrom(checks, world, findings);
}

/** Plans each fix from what was found. Only looks. */
export async function planFrom<W, B>(
  checks: readonly Check<W, B>[],
  world: W,
  findings: Finding[],
): Promise<Plan<B>> {
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  const changes: ProposedChange<B>[] = [];
  const willHold = new Map<string, boolean>();
  const blocking = new Set<string>();
  const forPerson: Finding[] = [];
  const notWanted = new Set<string>();
  const rootsOf = (id: string): string[] => {
    if (byId.get(id)?.outcome !== 'skipped') return [id];
    const needs = checks.find((check) => check.id === id)?.needs ?? [];
    return needs.filter((need) => willHold.get(need) === false).flatMap(rootsOf);
  };
  for (const check of checks) {
    const finding = byId.get(check.id) as Finding;
    if (finding.outcome === 'pass') {
      willHold.set(check.id, true);
      continue;
    }
    // What a check says is not meant to be is not made, nor what rests on it.
    if (check.needs.some((id) => notWanted.has(id))) {
      notWanted.add(check.id);
      willHold.set(check.id, true);
      continue;
    }
    const broken = [...check.needs, ...(check.fixNeeds ?? [])].filter((id) => willHold.get(id) === false);
    const planned = check.fix && broken.length === 0 && canFix(finding) ? await check.fix(world) : undefined;
    if (planned && planned.length > 0)
      changes.push(
        ...planned
          .filter((change) => !changes.some((other) => isSame(change, other)))
          .map((change) => ({ ...change, provisional: finding.outcome === 'skipped' })),
      );
    else if (planned && isSkippedByItself(finding, check.needs, byId)) notWanted.add(check.id);
    else if (finding.outcome === 'fail' || finding.outcome === 'warn' || finding.outcome === 'unknown')
      forPerson.push(finding);
    // Only what would be changed is blocked, by whatever is at the root of it.
    if (check.fix) for (const id of broken.flatMap((need) => rootsOf(need))) blocking.add(id);
    willHold.set(
      check.id,
      finding.outcome === 'warn' ||
        (planned !== undefined && broken.length === 0) ||
        (finding.outcome === 'skipped' && broken.length === 0),
    );
  }
  const blockers = forPerson.filter((finding) => blocking.has(finding.id));
  return {
    findings,
    changes,
    blockers,
    forPerson: forPerson.filter((finding) => !blockers.includes(finding)),
  };
}

/** All that it needs holds, and still there is nothing to look at. */
function isSkippedByItself(
  finding: Finding,
  needs: readonly string[],
  byId: ReadonlyMap<string, Finding>,
): boolean {
  return finding.outcome === 'skipped' && needs.every((id) => !blocks(byId.get(id) ?? finding));
}

/** One and the same change that several findings ask for is told, and made, once. */
function isSame(one: Change, other: Change): boolean {
  const what = ({ action, resource, name, details }: Change) =>
    JSON.stringify([action, resource, name, details]);
  return what(one) === what(other);
}

/** A check that could not look has nothing to plan from; one that was skipped will be looked at once its need holds. */
function canFix(finding: Finding): boolean {
  return finding.outcome === 'fail' || finding.outcome === 'warn' || finding.outcome === 'skipped';
}
