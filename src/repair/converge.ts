import { setTimeout as sleep } from 'node:timers/promises';
import type { Change, Check, Progress } from '../core/check.js';
import { CachaoError, InterruptedError } from '../core/errors.js';
import type { Finding } from '../core/finding.js';
import { blocks, inspectOne, skippedBecauseOf } from '../core/inspect.js';
import { covers, describeChange } from '../core/planned-change.js';
import type { ProposedChange } from './plan.js';

export interface ConvergeEvents {
  /** A fix begins; what it prints goes to the returned progress. */
  fixing(check: { id: string; title: string }, changes: readonly Change[]): Progress;
  /** Asks about changes that nobody agreed to yet, because they turned up later. Never called with none. */
  confirmUnplanned(changes: readonly Change[]): Promise<boolean>;
  /** A check was looked at again, or for the first time. */
  settled(finding: Finding): void;
}

/** How long a fix may take to show: AWS and Stripe read back late what was just written. */
export interface Patience {
  /** Forgets what was read, so that the next look is a new one. */
  refresh(): void;
  /** Pauses between looks; no further look after the last. */
  pausesMs: readonly number[];
}

/** What was found, and what the person agreed to on the strength of it. */
export interface Known<B> {
  findings: readonly Finding[];
  changes: readonly ProposedChange<B>[];
}

export interface Converged {
  findings: Finding[];
  /** What was changed, in order, also when a later step failed. */
  changes: Change[];
  /** The step that failed; what was done before it stands, and running again goes on from there. */
  error: CachaoError | null;
}

/**
 * Makes every check true that a machine can make true, in order: inspect, plan, apply, inspect again. What was agreed to
 * is what is done: what turns up later is asked about first.
 * Only the second look decides whether a fix worked.
 */
export async function converge<W, B>(
  checks: readonly Check<W, B>[],
  world: W,
  bench: B,
  known: Known<B>,
  events: ConvergeEvents,
  patience: Patience,
  signal: AbortSignal,
): Promise<Converged> {
  const findings = new Map(known.findings.map((finding) => [finding.id, finding]));
  const changes: Change[] = [];
  for (const check of checks) {
    if (signal.aborted)
      return { findings: inOrder(checks, findings), changes, error: new InterruptedError() };
    // Until something changes, what was seen while planning is still true.
    let finding = changes.length === 0 ? findings.get(check.id) : undefined;
    finding ??= await look(check, world, findings);
    if (isUnhealthy(finding) && mayFix(check, findings)) {
      try {
        finding = await makeTrue(check, world, bench, finding, known.changes, changes, events, patience);
      } catch (error) {
        findings.set(check.id, finding);
        return { findings: inOrder(checks, findings), changes, error: asCachaoError(error, check) };
      }
    }
    findings.set(check.id, finding);
    events.settled(finding);
  }
  return { findings: inOrder(checks, findings), changes, error: null };
}

function isUnhealthy(finding: Finding): boolean {
  return finding.outcome === 'fail' || finding.outcome === 'warn';
}

function mayFix<W, B>(check: Check<W, B>, findings: ReadonlyMap<string, Finding>): boolean {
  const first = (check.fixNeeds ?? []).map((id) => findings.get(id));
  return check.fix !== undefined && !first.some((need) => need !== undefined && blocks(need));
}

async function makeTrue<W, B>(
  check: Check<W, B>,
  world: W,
  bench: B,
  finding: Finding,
  agreed: readonly ProposedChange<B>[],
  done: Change[],
  events: ConvergeEvents,
  patience: Patience,
): Promise<Finding> {
  // Planned anew, because earlier changes may have changed what there is to do, and compared with what was agreed to.
  const changes = (await check.fix?.(world)) ?? [];
  if (changes.length === 0) return finding;
  const unplanned = changes.filter((change) => !isAgreed(change, agreed)).map(describeChange);
  if (unplanned.length > 0 && !(await events.confirmUnplanned(unplanned))) throw declined(unplanned);
  const progress = events.fixing(check, changes);
  for (const change of changes) {
    await change.apply(bench, progress, agreed);
    done.push(describeChange(change));
  }
  let after = await inspectOne(check as Check<W, never>, world);
  for (const pause of patience.pausesMs) {
    if (!blocks(after)) break;
    await sleep(pause);
    patience.refresh();
    after = await inspectOne(check as Check<W, never>, world);
  }
  return after;
}

async function look<W, B>(check: Check<W, B>, world: W, findings: Map<string, Finding>): Promise<Finding> {
  const blocker = check.needs
    .map((id) => findings.get(id))
    .find((need) => need !== undefined && blocks(need));
  return blocker
    ? skippedBecauseOf(check as Check<W, never>, blocker)
    : inspectOne(check as Check<W, never>, world);
}

/** Waiting changes nothing, so nobody has to agree to it. */
function isAgreed<B>(change: Change, agreed: readonly ProposedChange<B>[]): boolean {
  return change.action === 'wait' || agreed.some((one) => covers(one, change));
}

function declined(unplanned: readonly Change[]): CachaoError {
  return new CachaoError({
    code: 'DECLINED',
    message: `Declined, because it was not in the plan: ${unplanned.map(({ resource, name }) => `${resource} ${name}`).join(', ')}.`,
    next: ['Earlier changes are kept. Run the command again to see a plan of what is left.'],
  });
}

function inOrder<W, B>(checks: readonly Check<W, B>[], findings: Map<string, Finding>): Finding[] {
  return checks.map((check) => findings.get(check.id)).filter((finding) => finding !== undefined);
}

function asCachaoError<W, B>(error: unknown, check: Check<W, B>): CachaoError {
  if (error instanceof CachaoError) return error;
  return new CachaoError({
    code: 'DEFECT',
    message: `${check.id} could not be fixed: ${(error as Error)?.message ?? String(error)}`,
    why: 'This is a defect in cachao, not in your set-up.',
    next: ['Earlier changes are kept; running the same command again continues from there.'],
    cause: error,
  });
}
