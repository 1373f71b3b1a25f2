import type { Change } from '../../core/check.js';
import type { Canvas } from '../../terminal/canvas.js';
import type { ProgressDisplay } from '../../terminal/progress.js';
import type { Prompts } from '../../terminal/prompts.js';
import type { Consent } from '../../world/bench.js';
import { renderChanges } from './render-changes.js';

export interface ConsentOptions {
  prompts: Prompts;
  display: ProgressDisplay;
  /** Stops drawing, so that a question can be asked. */
  pause(): Promise<void>;
  canvas: Canvas;
  yes: boolean;
  allowDeletions: boolean;
}

export const YES = {
  what: 'your agreement to the plan',
  flag: '--yes',
  variable: 'CACHAO_YES',
  why: 'it changes your accounts',
};
export const DELETIONS = {
  what: 'your agreement to delete or replace',
  flag: '--allow-deletions',
  variable: 'CACHAO_ALLOW_DELETIONS',
  why: 'what is deleted or replaced is gone',
};

/** What needs the consent that deleting needs, though it may delete nothing: the reason says so. */
const undoing = (besides: string, destructive: boolean): typeof DELETIONS => ({
  ...DELETIONS,
  what: destructive ? DELETIONS.what : 'your agreement to revert more than the plan is about',
  why: `the change set also reverts ${besides}`,
});

export interface PlanQuestion extends Pick<ConsentOptions, 'prompts' | 'yes' | 'allowDeletions'> {
  changes: readonly Change[];
}

/** `--yes` accepts a plan that deletes nothing. */
export function confirmPlan({ prompts, yes, allowDeletions, changes }: PlanQuestion): Promise<boolean> {
  const deletes = changes.some((change) => change.action === 'delete');
  if (yes && (!deletes || allowDeletions)) return Promise.resolve(true);
  const question = deletes ? 'Carry out this plan, deletions included?' : 'Carry out this plan?';
  return prompts.confirm(question, { unasked: deletes ? DELETIONS : YES });
}

/** Agreement from `--yes`, or asked for. What deletes or replaces needs more than `--yes`. */
export function consentBy(options: ConsentOptions): Consent {
  const { prompts, display, pause, canvas, yes, allowDeletions } = options;
  return {
    async changeSet(changes: readonly Change[], destructive: boolean, besides?: string) {
      const severe = destructive || besides !== undefined;
      const unasked = besides === undefined ? (destructive ? DELETIONS : YES) : undoing(besides, destructive);
      if (yes && (!severe || allowDeletions)) return true;
      await pause();
      display.say(`\n${renderChanges(changes, canvas)}\n`);
      return prompts.confirm(
        [
          `Execute this change set${destructive ? ', deletions and replacements included' : ''}?`,
          ...(besides === undefined ? [] : [`It also reverts ${besides}.`]),
        ]
          .reverse()
          .join(' '),
        { unasked },
      );
    },
    async recoverStack(what) {
      if (yes) return true;
      await pause();
      display.say(`\n${canvas.wrap(what)}\n`);
      return prompts.confirm('Go on?', { unasked: YES });
    },
  };
}
