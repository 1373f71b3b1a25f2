import type { DiagnoseOptions } from '../../doctor/diagnose.js';
import { type FixResult, fix } from '../../doctor/fix.js';
import type { ProgressDisplay } from '../../terminal/progress.js';
import type { Prompts } from '../../terminal/prompts.js';
import type { Terminal } from '../../terminal/terminal.js';
import { confirmLive } from '../shared/confirm-live.js';
import { confirmPlan, consentBy } from '../shared/consent.js';
import { showRepair } from '../shared/repair-ui.js';
import type { OpenedStage } from './stage.js';

export interface RepairOptions extends DiagnoseOptions {
  flags: {
    yes: boolean;
    'dry-run': boolean;
    'allow-deletions': boolean;
    'confirm-live'?: string | undefined;
  };
  display: ProgressDisplay;
  terminal: Terminal;
  prompts: Prompts;
}

/** Repairs a stage, showing what happens and asking what has to be asked. */
export function repairStage(stage: OpenedStage, options: RepairOptions): Promise<FixResult> {
  const { flags, display, terminal, prompts } = options;
  const { world } = stage;
  const canvas = terminal.err;
  const asked = { prompts, yes: flags.yes, allowDeletions: flags['allow-deletions'] };
  const { host, pause } = showRepair({
    display,
    canvas,
    settings: world.settings,
    live: terminal.live,
    reasons: true,
    confirm: async (changes) => {
      const agreed = await confirmPlan({ ...asked, changes });
      if (agreed) await confirmLive(world, prompts, flags['confirm-live']);
      return agreed;
    },
  });
  const consent = consentBy({ ...asked, display, pause, canvas });
  return fix(world, () => stage.bench(consent), { ...options, dryRun: flags['dry-run'] }, host);
}
