import { inFlightWords } from '../../checks/delivery/compared.js';
import { deliveryComplete } from '../../checks/delivery/complete.js';
import { minuteOf } from '../../checks/lately.js';
import type { Settings } from '../../config/settings.js';
import type { Change } from '../../core/check.js';
import type { Finding } from '../../core/finding.js';
import type { ReportOutcome } from '../../core/report.js';
import type { ReconcileHost } from '../../reconcile/reconcile.js';
import { type Applied, hasLoss, hasProblem, type Reconciliation } from '../../reconcile/types.js';
import type { ProgressDisplay } from '../../terminal/progress.js';
import { inFlightOf } from '../../world/comparison/in-flight.js';
import type { Comparison } from '../../world/comparison/types.js';
import { type CommandResult, failureOf } from '../shared/result.js';
import { renderReconciliation } from './render-report.js';

/** On a terminal every delivery may be told; in a log, this often is enough. */
const TOLD_EVERY_MS = 1_000;

/** Shows reconciliation on stderr while it runs. */
export function showReconcile(display: ProgressDisplay, confirm: () => Promise<void>): ReconcileHost {
  return {
    comparingDatabases: () => ({
      note: (text) => display.begin('Which database the functions use').note(text),
    }),
    comparing: () => {
      const step = display.begin("Comparing Stripe's events with the ledger");
      const tell = seldom((events: number) => step.note(`${events} events`));
      return { compared: tell };
    },
    confirm: async () => {
      await display.close();
      await confirm();
    },
    delivering: (total) => {
      const step = display.begin(`Delivering ${total} event${total === 1 ? '' : 's'}`);
      const began = Date.now();
      const tell = seldom((done: number) => step.note(pace(done, total, Date.now() - began)));
      return { delivered: tell };
    },
  };
}

function seldom(tell: (value: number) => void): (value: number) => void {
  let told = Date.now();
  return (value) => {
    if (Date.now() - told < TOLD_EVERY_MS) return;
    told = Date.now();
    tell(value);
  };
}

/** "120 of 500, 40 a second, 10 s left". */
function pace(done: number, total: number, elapsedMs: number): string {
  const rate = done / Math.max(1, elapsedMs / 1000);
  const left = rate > 0 ? `, ${Math.ceil(Math.max(0, total - done) / rate)} s left` : '';
  return `${done} of ${total}, ${Math.round(rate)} a second${left}`;
}

export interface ShownReconciliation {
  settings: Settings;
  /** What lies outside the window although it was asked for. */
  beyond: string | null;
  verbose: boolean;
  /** The flags that name the same window; empty for the usual one. */
  window: string;
}

/** The command's outcome: what stands in the end decides, not how it was before. */
export function reconcileResult(result: Reconciliation, shown: ShownReconciliation): CommandResult {
  const { before, applied, error } = result;
  const after = result.after ?? before;
  const { settings, beyond, verbose, window } = shown;
  const seen = beyond === null ? [] : [beyond];
  const comparison = { ...after, unseen: [...seen, ...after.unseen] };
  return {
    outcome: error ? failureOf(error).outcome : outcomeOf(after, applied),
    findings: findingsOf(after),
    changes: applied ? changesOf(result) : [],
    error,
    more: {
      stage: settings.stage,
      database: result.database,
      comparison,
      inFlight: inFlightOf(after),
      before: result.after ? before : null,
      applied,
    },
    text: (canvas) =>
      renderReconciliation({ ...result, comparison }, canvas, {
        stage: settings.stage,
        verbose,
        window,
      }),
  };
}

/** What is in flight is no problem yet, and no money that was booked either: it is said where machines look. */
function findingsOf(after: Comparison): Finding[] {
  const flying = inFlightOf(after);
  if (!flying) return [];
  const { id, title, area, severity, item = null } = deliveryComplete;
  return [
    {
      ...{ id, title, area, severity, item, outcome: 'warn' },
      ...{ summary: inFlightWords(flying, after.currency), expected: null, actual: null, evidence: [] },
      remedy: {
        text: `Look again after ${minuteOf(Date.parse(flying.lookAgainAt))}, or deliver them now.`,
        commands: ['cachao reconcile --apply --include-in-flight'],
        fixable: false,
      },
      ...{ muted: null, durationMs: 0 },
    },
  ];
}

function outcomeOf(after: Comparison, applied: Applied | null): ReportOutcome {
  // What no path brought was delivered by this run: whether a path is well again only its next event can show.
  if (applied && applied.delivered > 0 && applied.refused === 0 && applied.untried === 0)
    return hasLoss(after) ? 'problem' : 'changed';
  return hasProblem(after) ? 'problem' : 'ok';
}

function changesOf({ applied }: Reconciliation): Change[] {
  if (!applied || applied.delivered === 0) return [];
  return [
    {
      check: 'delivery.complete',
      action: 'run',
      resource: 'event handler',
      name: `${applied.delivered} event${applied.delivered === 1 ? '' : 's'}`,
      details: Object.entries(applied.outcomes).map(([outcome, times]) => `${outcome}: ${times}`),
    },
  ];
}
