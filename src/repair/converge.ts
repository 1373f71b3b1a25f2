import { setTimeout as sleep } from 'node:timers/promises';
import type { Change, Check, Progress } from '../core/check.js';
import { CachaoError, InterruptedError } from '../core/errors.js';
import type { Finding } from '../core/finding.js';
import { blocks, inspectOne, skippedBecauseOf } from '../core/inspect.js';

export interface ConvergeEvents {
  /** A fix begins; what it prints goes to the returned progress. */
  fixing(check: { id: string; title: string }, changes: readonly Change[]): Progress;
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

export interface Converged {
  findings: Finding[];
  /** What was changed, in order, also when a later step failed. */
  changes: Change[];
  /** The step that failed; what was done before it stands, and running again goes on from there. */
  error: CachaoError | null;
}

/**
 * Makes every check true that a machine can make true, in order: inspect, plan, apply, inspect again.
 * Only the second look decides whether a fix worked.
 */
export async function converge<W, B>(
  checks: readonly Check<W, B>[],
  world: W,
  bench: B,
  known: readonly Finding[],
  events: ConvergeEvents,
  patience: Patience,
  signal: AbortSignal,
): Promise<Converged> {
  const findings = new Map(known.map((finding) => [finding.id, finding]));
  const changes: Change[] = [];
  for (const check of checks) {
    if (signal.aborted)
      return { findings: inOrder(checks, findings), changes, error: new InterruptedError() };
    // Until something changes, what was seen while planning is still true.
    let finding = changes.length === 0 ? findings.get(check.id) : undefined;
    finding ??= await look(check, world, findings);
    if (isUnhealthy(finding) && mayFix(check, findings)) {
      try {
        finding = await repair(check, world, bench, finding, changes, events, patience);
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

async function repair<W, B>(
  check: Check<W, B>,
  world: W,
  bench: B,
  finding: Finding,
  done: Change[],
  events: ConvergeEvents,
  patience: Patience,
): Promise<Finding> {
  const changes = (await check.fix?.plan(world)) ?? [];
  if (!check.fix || changes.length === 0) return finding;
  await check.fix.apply(bench, changes, events.fixing(check, changes));
  done.push(...changes);
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

function inOrder<W, B>(checks: readonly Check<W, B>[], findings: Map<string, Finding>): Finding[] {
  return checks.map((check) => findings.get(check.id)).filter((finding) => finding !== undefined);
}

function asCachaoError<W, B>(error: unknown, check: Check<W, B>): CachaoError {
  if (error instanceof CachaoError) return error;
  return new CachaoError({
    code: 'DEFECT',
    message: `${check.id} could not be put right: ${(error as Error)?.message ?? String(error)}`,
    why: 'This is a defect in cachao, not in your set-up.',
    next: ['What was done so far stands; running the same command again goes on from there.'],
    cause: error,
  });
}
