import type { Rule } from '../../aws/eventbridge.js';
import type { Evidence } from '../../core/finding.js';
import { paymentPath } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';

/** The path's rules as they are now. Those that were deleted by hand are not among them. */
export async function deployedRules(world: World): Promise<Rule[]> {
  const path = await paymentPath(world);
  const found = await Promise.all(
    (path?.rules ?? []).map((rule) => world.eventbridge.describeRule(rule.busName, rule.name)),
  );
  return found.filter((rule) => rule !== undefined);
}

export function ruleEvidence(world: World, rules: readonly Rule[]): Evidence[] {
  return rules.map((rule) => ({
    label: 'rule',
    value: rule.name,
    url: world.links.rule(rule.busName, rule.name),
  }));
}
