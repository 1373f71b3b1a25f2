import type { Settings } from '../../config/settings.js';
import type { Change } from '../../core/check.js';
import type { Finding } from '../../core/finding.js';
import type { Plan } from '../../repair/plan.js';
import { costOfPlan } from '../../setup/monthly-cost.js';
import type { SetupHost } from '../../setup/setup.js';
import type { Canvas } from '../../terminal/canvas.js';
import { renderBriefly } from '../../terminal/findings.js';
import type { ProgressDisplay } from '../../terminal/progress.js';
import type { Bench } from '../../world/bench.js';
import { PausableSteps } from './pausable-steps.js';
import { renderChanges } from './render-changes.js';
import { slowNotes } from './slow-notes.js';

export interface HostOptions {
  display: ProgressDisplay;
  canvas: Canvas;
  settings: Settings;
  /** Whether stderr is a terminal that redraws. */
  live: boolean;
  /** Says beside the plan what is wrong, for those who did not just ask for a set-up. */
  reasons?: boolean;
  /** Asks whether the changes that are shown should be made. */
  confirm(changes: readonly Change[]): Promise<boolean>;
}

export interface ShownRepair {
  host: SetupHost;
  /** Stops drawing, so that a question can be asked in the middle of a step; what follows begins the step anew. */
  pause(title?: string): Promise<void>;
}

/** Shows setup, or a repair, on stderr while it runs, and asks for the plan to be confirmed. */
export function showRepair({ display, canvas, settings, live, reasons, confirm }: HostOptions): ShownRepair {
  const steps = new PausableSteps(display);
  let seen = 0;
  let total = 0;
  const progressed = (finding: Finding) => {
    seen += 1;
    // Worth a look while it lasts, and not worth a line each in a log.
    if (live) steps.note(`${seen} of ${total}: ${finding.title}`);
  };
  const host: SetupHost = {
    inspecting: (checks) => {
      total = checks;
      steps.begin(`Running ${total} checks on Stripe and AWS`);
    },
    inspected: progressed,
    slow: slowNotes((text) => steps.note(text)),
    planned: (plan) => {
      steps.done(`Ran ${plan.findings.length} checks on Stripe and AWS`);
    },
    confirmPlan: async (plan) => {
      await steps.pause();
      const why = reasons ? [renderReasons(plan, canvas)] : [];
      display.say(`\n${[...why, renderPlan(plan, canvas, settings)].join('\n\n')}\n`);
      return confirm(plan.changes);
    },
    confirmUnplanned: async (changes) => {
      await steps.pause();
      display.say(
        `\nThis turned up only now, and was not in the plan:\n\n${renderChanges(changes, canvas)}\n`,
      );
      return confirm(changes);
    },
    fixing: (check, changes) =>
      steps.begin(changes.map((change) => `${change.resource} ${change.name}`).join(', ') || check.title),
    settled: (finding) => {
      if (finding.outcome === 'pass' || finding.outcome === 'warn')
        steps.done(`${finding.title}: ${finding.summary}`);
      else steps.failed(finding.summary);
    },
    checkout: () => steps.begin('Test checkout'),
    checkoutDone: (result) => {
      if (result.passed) steps.done(`Test checkout: ${result.summary}`);
      else steps.failed(result.summary);
    },
  };
  return { host, pause: (title) => steps.pause(title) };
}

function renderPlan(plan: Plan<Bench>, canvas: Canvas, settings: Settings): string {
  const cost = costOfPlan(plan.changes, settings);
  return [renderChanges(plan.changes, canvas), ...(cost ? [canvas.wrap(cost)] : [])].join('\n\n');
}

function renderReasons({ changes, findings }: Plan<Bench>, canvas: Canvas): string {
  const ids = new Set(changes.map((change) => change.check));
  return renderBriefly(
    findings.filter((finding) => ids.has(finding.id)),
    canvas,
  );
}
