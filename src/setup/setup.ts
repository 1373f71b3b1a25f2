import { runCheckout } from '../checkout/checkout.js';
import type { CheckoutResult } from '../checkout/types.js';
import type { PathCheck } from '../checks/types.js';
import type { Change, Progress } from '../core/check.js';
import { CachaoError, InterruptedError } from '../core/errors.js';
import { EXIT, type ExitCode, exitCodeOf } from '../core/exit-code.js';
import type { Finding } from '../core/finding.js';
import { describeChange } from '../core/planned-change.js';
import type { ReportOutcome } from '../core/report.js';
import { makePlan, type Plan } from '../repair/plan.js';
import { outcomeOfError, type RepairHost, repairAndLookBack } from '../repair/repair.js';
import type { Bench } from '../world/bench.js';
import type { World } from '../world/world.js';
import { setupChecks } from './checks.js';

export interface SetupOptions {
  dryRun: boolean;
  checkout: boolean;
  checkoutTimeoutMs: number;
  onPaymentPage?: (url: string) => void | Promise<void>;
}

/** What setup asks of, and tells, whoever runs it. */
export interface SetupHost extends RepairHost {
  checkout(): Progress;
  checkoutDone(result: CheckoutResult): void;
}

export interface SetupResult {
  outcome: ReportOutcome;
  exitCode: ExitCode;
  findings: Finding[];
  changes: Change[];
  /** Unhealthy things that only a person can put right, and on which the path does not rest. */
  forPerson: Finding[];
  checkout: CheckoutResult | null;
  error: CachaoError | null;
}

/** The guided onboarding: plan, confirm, make it so, prove it with a test checkout. Safe to run again at any point. */
export async function setup(
  world: World,
  openBench: () => Bench,
  options: SetupOptions,
  host: SetupHost,
  signal: AbortSignal,
): Promise<SetupResult> {
  const checks = setupChecks(world.settings);
  host.inspecting(checks.length);
  const plan = await makePlan(checks, world, { finished: (finding) => host.inspected(finding) });
  host.planned(plan);
  if (options.dryRun) return rehearsed(plan, checks);
  if (stoppedBy(world, plan).length > 0) return blocked(plan);
  if (plan.changes.length > 0 && !(await host.confirmPlan(plan))) return declined(plan);
  if (signal.aborted) return interrupted(plan);
  const bench = openBench();
  const converged = await repairAndLookBack(checks, bench, plan, host);
  const base = {
    findings: converged.findings,
    changes: converged.changes,
    forPerson: forPersonOf(converged.findings, checks),
    checkout: null,
  };
  if (converged.error)
    return {
      ...base,
      outcome: outcomeOfError(converged.error),
      exitCode: converged.error.exitCode,
      error: converged.error,
    };
  const unhealthy = exitCodeOf(converged.findings.filter((finding) => restsOn(finding, checks)));
  if (unhealthy !== EXIT.ok) return { ...base, outcome: 'problem', exitCode: unhealthy, error: null };
  return options.checkout ? prove(bench, options, host, base) : done(base, null);
}

async function prove(
  bench: Bench,
  options: SetupOptions,
  host: SetupHost,
  base: Omit<SetupResult, 'outcome' | 'exitCode' | 'error'>,
): Promise<SetupResult> {
  const { onPaymentPage, checkoutTimeoutMs: timeoutMs } = options;
  try {
    const result = await runCheckout(
      bench,
      { timeoutMs, ...(onPaymentPage ? { onPaymentPage } : {}) },
      host.checkout(),
    );
    host.checkoutDone(result);
    return done(base, result);
  } catch (error) {
    const known =
      error instanceof CachaoError ? error : bench.signal.aborted ? new InterruptedError() : undefined;
    if (!known) throw error;
    return { ...base, outcome: outcomeOfError(known), exitCode: known.exitCode, error: known };
  }
}

function done(
  base: Omit<SetupResult, 'outcome' | 'exitCode' | 'error'>,
  checkout: CheckoutResult | null,
): SetupResult {
  const failed = checkout !== null && !checkout.passed;
  return {
    ...base,
    checkout,
    outcome: failed ? 'problem' : base.changes.length > 0 ? 'changed' : 'unchanged',
    exitCode: failed ? EXIT.problem : EXIT.ok,
    error: null,
  };
}

/** Their stack may well be deployed only when it knows the bus that setup is about to make. */
function stoppedBy(world: World, plan: Plan<Bench>): Finding[] {
  return plan.blockers.filter(({ id }) => world.settings.stack.managed || id !== 'stack.healthy');
}

function planned(plan: Plan<Bench>): SetupResult {
  const blocked = plan.blockers.length > 0;
  return {
    outcome: blocked ? 'problem' : 'planned',
    exitCode: blocked ? exitCodeOf(plan.blockers) : EXIT.ok,
    findings: plan.findings,
    changes: plan.changes.map(describeChange),
    forPerson: plan.forPerson,
    checkout: null,
    error: null,
  };
}

/** A dry run ends with the code with which the run itself would end, as far as that can be told. */
function rehearsed(plan: Plan<Bench>, checks: readonly PathCheck[]): SetupResult {
  const forPerson = [...plan.blockers, ...plan.forPerson];
  const remaining = forPerson.filter(
    (finding) => plan.blockers.includes(finding) || restsOn(finding, checks),
  );
  return { ...planned(plan), outcome: 'planned', exitCode: exitCodeOf(remaining), forPerson };
}

function blocked(plan: Plan<Bench>): SetupResult {
  return { ...planned(plan), changes: [] };
}

function declined(plan: Plan<Bench>): SetupResult {
  return { ...planned(plan), outcome: 'declined', exitCode: EXIT.problem, changes: [] };
}

function interrupted(plan: Plan<Bench>): SetupResult {
  const error = new InterruptedError('Interrupted before anything was changed.');
  return { ...planned(plan), outcome: 'interrupted', exitCode: error.exitCode, changes: [], error };
}

/** Leaves only steps for a person: those are listed, and are no failure of setup. */
function forPersonOf(findings: readonly Finding[], checks: readonly PathCheck[]): Finding[] {
  return findings.filter(
    (finding) =>
      finding.outcome === 'warn' ||
      (finding.outcome !== 'pass' && finding.outcome !== 'skipped' && !restsOn(finding, checks)),
  );
}

/** Whether the payment path rests on it, or on what needs it. */
function restsOn(finding: Finding, checks: readonly PathCheck[]): boolean {
  return finding.severity === 'fail' || checks.some((check) => check.needs.includes(finding.id));
}
