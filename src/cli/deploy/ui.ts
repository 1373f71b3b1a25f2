import type { DeployHost, Drifted } from '../../deploy/deploy.js';
import { type ConsentOptions, consentBy, YES } from '../shared/consent.js';
import { PausableSteps } from '../shared/pausable-steps.js';
import { renderDriftUnknown, renderHandMade } from './render-report.js';

export interface DeployHostOptions extends Omit<ConsentOptions, 'pause'> {
  execute: boolean;
  /** Asks for the live account, where it is one. */
  confirmWrites(): Promise<void>;
}

/** Shows a deployment on stderr while it runs, and asks for the change set to be agreed to. */
export function showDeployment(options: DeployHostOptions) {
  const { display, canvas } = options;
  const steps = new PausableSteps(display);
  const consent = consentBy({ ...options, pause: () => steps.pause() });
  const host: DeployHost = {
    looking: () => steps.begin('Checking what the stack depends on'),
    deploying: () => steps.begin('Deploying the stack'),
    confirmWrites: async () => {
      await steps.pause();
      // Where nobody can be asked, before anything is uploaded.
      if (options.execute && !options.yes) options.prompts.require([YES]);
      await options.confirmWrites();
    },
    confirm: async (changes, destructive, drifted) => {
      await warnOf(drifted);
      return consent.changeSet(changes, destructive);
    },
  };
  return { host, consent };

  async function warnOf({ handMade, driftUnknown }: Drifted): Promise<void> {
    if (handMade.length === 0 && driftUnknown === null) return;
    await steps.pause();
    if (handMade.length > 0) display.say(`\n${renderHandMade(handMade, canvas)}`);
    if (driftUnknown !== null) display.say(`\n${renderDriftUnknown(driftUnknown, canvas)}`);
  }
}
