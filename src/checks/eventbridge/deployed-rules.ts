import type { Rule, Target } from '../../aws/eventbridge.js';
import type { Evidence } from '../../core/finding.js';
import { PATH_ACTIONS, paymentPath } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';

/** The path's rules as they are now. Those that were deleted by hand are not among them. */
export async function deployedRules(world: World): Promise<Rule[]> {
  const path = await paymentPath(world);
  const found = await Promise.all(
    (path?.rules ?? []).map((rule) => world.eventbridge.describeRule(rule.busName, rule.name)),
  );
  return found.filter((rule) => rule !== undefined);
}

export interface RuleTarget {
  rule: Rule;
  target: Target;
}

/** Every target of every rule of the path. */
export async function deployedTargets(world: World): Promise<RuleTarget[]> {
  const rules = await deployedRules(world);
  const targets = await Promise.all(
    rules.map(async (rule) => {
      const found = await world.eventbridge.listTargets(rule.busName, rule.name);
      return found.map((target) => ({ rule, target }));
    }),
  );
  return targets.flat();
}

export function ruleEvidence(world: World, rules: readonly Rule[]): Evidence[] {
  return [...new Set(rules)].map((rule) => ({
    label: 'rule',
    value: rule.name,
    url: world.links.rule(rule.busName, rule.name),
  }));
}

/** IAM actions of finding the path and its rules with their targets. */
export const RULE_ACTIONS = PATH_ACTIONS;
