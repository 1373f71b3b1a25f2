import { SETUP_CHECKS } from '../checks/registry.js';
import type { PathCheck } from '../checks/types.js';
import type { Settings } from '../config/settings.js';

/** What a person does by hand on Stripe and AWS, whoever deploys the stack: setup does it beside any stack. */
const BY_HAND = [
  /^account\./,
  /^delivery\.single-handler$/,
  /^stripe\./,
  /^eventbridge\.(?:source|bus|source-active)$/,
  /^secret\.webhook$/,
];
/** What else the proof rests on. In a stack of somebody else's it is only looked at: setup deploys nothing over it. */
const RESTS_ON = [
  /^stack\.healthy$/,
  /^eventbridge\.(?:rule|rule-bus|rule-enabled|pattern|target|permission)$/,
  /^function\.state$/,
  /^api\.(?:reachable|signature)$/,
];

/** What setup makes true: everything; beside a stack of somebody else's, the steps that are done by hand. */
export function setupChecks(settings: Settings): readonly PathCheck[] {
  if (settings.stack.managed) return SETUP_CHECKS;
  return SETUP_CHECKS.flatMap((check) => {
    if (matches(BY_HAND, check)) return [check];
    const { fix: _deploys, ...look } = check;
    return matches(RESTS_ON, check) ? [look] : [];
  });
}

const matches = (patterns: readonly RegExp[], { id }: PathCheck) =>
  patterns.some((pattern) => pattern.test(id));
