import type { Progress } from '../core/check.js';
import { CachaoError, CannotLookError, InterruptedError } from '../core/errors.js';
import { EXIT } from '../core/exit-code.js';
import type { Journal } from '../replay/journal.js';
import { compare } from '../world/comparison/compare.js';
import type { ComparisonWindow } from '../world/comparison/types.js';
import { type FunctionUse, provenUses } from '../world/database-use.js';
import { probe } from '../world/operations.js';
import type { World } from '../world/world.js';
import { deliverMissing, noneYet } from './deliver-missing.js';
import { deliverable, type Included, type Reconciliation } from './types.js';

export interface ReconcileOptions extends Included {
  window: ComparisonWindow;
  /** Delivers what is missing; else only looks. */
  apply: boolean;
  concurrency: number;
  rate: number | null;
  /** Opened only when something is delivered. */
  openJournal(): Promise<Journal>;
}

/** What reconciliation tells whoever runs it. */
export interface ReconcileHost {
  /** Why it waits before it compares, when it does. */
  comparingDatabases(): Progress;
  comparing(): { compared(events: number): void };
  /** Called before the first delivery; may throw. */
  confirm(events: number): Promise<void>;
  delivering(total: number): { delivered(events: number): void };
}

/** Compares, delivers what is missing, and compares again: only that decides. Safe to run again at any point. */
export async function reconcile(
  world: World,
  options: ReconcileOptions,
  host: ReconcileHost,
  signal: AbortSignal,
): Promise<Reconciliation> {
  await ensureLedger(world);
  const { database, failure } = await usesOrFailure(world, host, signal);
  const before = await compare(world, options.window, host.comparing());
  // The ledger is read through another function: what is missing is told, and waits until somebody can take it.
  if (failure) return { database, before, applied: null, after: null, error: failure };
  const total = deliverable(before, options);
  if (!options.apply || total === 0 || signal.aborted)
    return { database, before, applied: null, after: null, error: null };
  let journal: Journal | undefined;
  try {
    await host.confirm(total);
    journal = await options.openJournal();
    return { database, before, ...(await applyAndLook(world, options, host, total, journal, signal)) };
  } catch (error) {
    // Not agreed to, or no journal: what was found is told all the same.
    if (error instanceof CachaoError) return { database, before, applied: null, after: null, error };
    throw error;
  } finally {
    journal?.close();
  }
}

/** Which database each function uses; else the error of one that fails before it could say so. */
async function usesOrFailure(
  world: World,
  host: ReconcileHost,
  signal: AbortSignal,
): Promise<{ database: FunctionUse[]; failure: CachaoError | null }> {
  try {
    return { database: await provenUses(world, host.comparingDatabases(), signal), failure: null };
  } catch (error) {
    if (!(error instanceof CachaoError && error.code === 'FUNCTION_FAILED')) throw error;
    return { database: [], failure: error };
  }
}

async function applyAndLook(
  world: World,
  options: ReconcileOptions,
  host: ReconcileHost,
  total: number,
  journal: Journal,
  signal: AbortSignal,
): Promise<Omit<Reconciliation, 'database' | 'before'>> {
  const { delivered } = host.delivering(total);
  const applied = noneYet(journal.path);
  try {
    await deliverMissing(
      world,
      options.window,
      { ...options, journal, progress: delivered },
      applied,
      signal,
    );
    if (applied.stopped === 'interrupted')
      return {
        applied,
        after: null,
        error: new InterruptedError('Interrupted; what was begun was finished.'),
      };
    return { applied, after: await compare(world, options.window, host.comparing()), error: null };
  } catch (error) {
    // What was delivered before it is told all the same.
    if (error instanceof CachaoError) return { applied, after: null, error };
    throw error;
  }
}

/** @throws MODE_MISMATCH, LEDGER_MISSING, DATABASE_UNREACHABLE */
async function ensureLedger(world: World): Promise<void> {
  const { stage, mode } = world.settings;
  const { name, managed } = world.settings.stack;
  if (world.stripe.shape.mode !== mode)
    throw new CachaoError({
      code: 'MODE_MISMATCH',
      message: `The key ${world.stripe.maskedKey} is of ${world.stripe.shape.mode} mode, and stage ${stage} takes ${mode} payments.`,
      why: 'Stripe would list the events of another mode, and none of them is in the ledger.',
      next: [`Set STRIPE_API_KEY to a ${mode} key, or name another stage with --stage.`],
    });
  if (!managed)
    throw new CachaoError({
      code: 'LEDGER_MISSING',
      message: `The stack ${name} is not cachao's own, so there is no ledger of its events to compare with.`,
      why: "Only cachao's handlers write down which events they processed, in the same transaction as the order.",
      next: ['Run cachao trace with an event, session or order to follow a single payment.'],
      exitCode: EXIT.problem,
    });
  const { database, schema } = await probe(world);
  if (!database.reachable)
    throw new CannotLookError({
      code: 'DATABASE_UNREACHABLE',
      message: `The functions do not reach the orders database: ${database.message}`,
      next: ['Run cachao doctor.'],
    });
  if (!schema?.recordingSince)
    throw new CachaoError({
      code: 'LEDGER_MISSING',
      message: 'The orders database has no ledger yet, so there is nothing to compare with.',
      next: ['Run cachao setup.'],
    });
}
