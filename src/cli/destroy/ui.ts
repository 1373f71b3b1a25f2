import type { DestroyHost } from '../../destroy/destroy.js';
import type { Canvas } from '../../terminal/canvas.js';
import type { ProgressDisplay } from '../../terminal/progress.js';
import type { Prompts } from '../../terminal/prompts.js';
import type { World } from '../../world/world.js';
import { confirmLive } from '../shared/confirm-live.js';
import { DELETIONS, YES } from '../shared/consent.js';
import { PausableSteps } from '../shared/pausable-steps.js';
import { renderDestruction } from './render-report.js';

export interface DestroyHostOptions {
  world: World;
  display: ProgressDisplay;
  prompts: Prompts;
  canvas: Canvas;
  yes: boolean;
  allowDeletions: boolean;
  confirmLive: string | undefined;
}

/** Shows on stderr what is taken away, and asks for it: by the stage's name, and in live mode by the account's. */
export function showDestruction(options: DestroyHostOptions): DestroyHost {
  const { world, display, canvas } = options;
  const steps = new PausableSteps(display);
  return {
    looking: () => steps.begin('Finding what this stage created'),
    confirm: async (changes, kept) => {
      await steps.pause();
      display.say(`\n${renderDestruction(changes, kept, canvas)}\n`);
      const agreed = await agreement(options);
      if (agreed) await confirmLive(world, options.prompts, options.confirmLive);
      return agreed;
    },
    removing: (changes) => steps.begin(changes.map(({ resource, name }) => `${resource} ${name}`).join(', ')),
    removed: () => steps.done(),
  };
}

/** Deleting needs more than `--yes`: the stage's name typed, or `--allow-deletions` too. */
async function agreement({ world, prompts, yes, allowDeletions }: DestroyHostOptions): Promise<boolean> {
  if (yes && allowDeletions) return true;
  if (!prompts.possible) prompts.require([...(yes ? [] : [YES]), ...(allowDeletions ? [] : [DELETIONS])]);
  const { stage, mode } = world.settings;
  // The live account will be typed; that says more than the stage's name.
  if (mode === 'live') return true;
  return prompts.typed('What is to be deleted is gone afterwards.', stage, DELETIONS);
}
