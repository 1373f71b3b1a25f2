import type { RotateHost } from '../../rotation/rotate.js';
import type { Canvas } from '../../terminal/canvas.js';
import type { ProgressDisplay } from '../../terminal/progress.js';
import type { Prompts } from '../../terminal/prompts.js';
import { confirmPlan } from '../shared/consent.js';
import { PausableSteps } from '../shared/pausable-steps.js';
import { renderChanges } from '../shared/render-changes.js';

export interface RotateHostOptions {
  display: ProgressDisplay;
  prompts: Prompts;
  canvas: Canvas;
  yes: boolean;
  /** Asks for the live account, where it is one. */
  confirmLive(): Promise<void>;
}

/** Shows a rotation on stderr while it runs. Both secrets are in force until the end, so agreeing to it is enough. */
export function showRotation({ display, prompts, canvas, yes, confirmLive }: RotateHostOptions): RotateHost {
  const steps = new PausableSteps(display);
  return {
    looking: () => steps.begin('Reading the endpoint and its secret'),
    confirm: async (changes, resumed) => {
      await steps.pause();
      const first = resumed ? 'An earlier run began this rotation; it goes on from there.\n\n' : '';
      display.say(`\n${first}${renderChanges(changes, canvas)}\n`);
      const agreed = await confirmPlan({ prompts, yes, allowDeletions: false, changes });
      if (agreed) await confirmLive();
      return agreed;
    },
    step: (title) => steps.begin(title),
  };
}
