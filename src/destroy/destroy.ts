import { setTimeout as sleep } from 'node:timers/promises';
import type { Change, Progress } from '../core/check.js';
import { CachaoError, InterruptedError } from '../core/errors.js';
import { EXIT, type ExitCode } from '../core/exit-code.js';
import type { ReportOutcome } from '../core/report.js';
import type { Bench } from '../world/bench.js';
import type { World } from '../world/world.js';
import { REMOVALS } from './order.js';
import type { DestroyOptions, Found, Kept, Removal } from './removal.js';

/** How long what was deleted may still be listed. */
const PAUSES_MS = [300, 700, 1500, 3000, 5000];

/** What destroying asks of, and tells, whoever runs it. */
export interface DestroyHost {
  looking(): Progress;
  /** Whether to go on. Throws where a live account is not confirmed. */
  confirm(changes: readonly Change[], kept: readonly Kept[]): Promise<boolean>;
  removing(changes: readonly Change[]): Progress;
  removed(changes: readonly Change[]): void;
}

export interface DestroyResult {
  outcome: ReportOutcome;
  exitCode: ExitCode;
  /** What was, or would be, taken away, in order. */
  changes: Change[];
  kept: Kept[];
  /** What is still there although it was taken away. */
  remaining: Change[];
  error: CachaoError | null;
}

interface Step {
  removal: Removal;
  found: Found;
}

/** Takes away what bears this stage's marks, in the safe order. Safe to run again after an interruption at any point. */
export async function destroy(
  world: World,
  openBench: () => Bench,
  options: DestroyOptions & { dryRun: boolean },
  host: DestroyHost,
): Promise<DestroyResult> {
  host.looking();
  const steps = await look(world, options);
  const changes = steps.flatMap(({ found }) => found.remove);
  const kept = steps.flatMap(({ found }) => found.keep);
  const result = { changes, kept, remaining: [], error: null };
  if (options.dryRun) return { ...result, outcome: 'planned', exitCode: EXIT.ok };
  if (changes.length === 0) return { ...result, outcome: 'unchanged', exitCode: EXIT.ok };
  if (!(await host.confirm(changes, kept)))
    return { ...result, changes: [], outcome: 'declined', exitCode: EXIT.problem };
  const { done, error } = await carryOut(openBench(), steps, host);
  if (error) return { ...result, ...outcomeOf(error), changes: done, error };
  const remaining = await remainder(world, options);
  return {
    ...result,
    remaining,
    outcome: remaining.length > 0 ? 'problem' : 'changed',
    exitCode: remaining.length > 0 ? EXIT.problem : EXIT.ok,
  };
}

async function look(world: World, options: DestroyOptions): Promise<Step[]> {
  return Promise.all(
    REMOVALS.map(async (removal) => ({ removal, found: await removal.find(world, options) })),
  );
}

async function carryOut(
  bench: Bench,
  steps: readonly Step[],
  host: DestroyHost,
): Promise<{ done: Change[]; error: CachaoError | null }> {
  const done: Change[] = [];
  for (const { removal, found } of steps) {
    if (found.remove.length === 0) continue;
    if (bench.signal.aborted) return { done, error: new InterruptedError() };
    try {
      await removal.remove(bench, found.remove, host.removing(found.remove));
    } catch (error) {
      if (error instanceof CachaoError) return { done, error };
      throw error;
    }
    host.removed(found.remove);
    done.push(...found.remove);
  }
  return { done, error: null };
}

/** Only a second look decides whether it worked. */
async function remainder(world: World, options: DestroyOptions): Promise<Change[]> {
  for (const pause of [0, ...PAUSES_MS]) {
    await sleep(pause);
    world.forget();
    const left = (await look(world, options)).flatMap(({ found }) => found.remove);
    if (left.length === 0 || pause === PAUSES_MS.at(-1)) return left;
  }
  return [];
}

function outcomeOf(error: CachaoError): Pick<DestroyResult, 'outcome' | 'exitCode'> {
  const { exitCode } = error;
  if (error instanceof InterruptedError) return { outcome: 'interrupted', exitCode };
  return { outcome: exitCode === EXIT.unknown ? 'unknown' : 'error', exitCode };
}
