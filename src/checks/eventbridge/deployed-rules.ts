import type { Rule } from '../../aws/eventbridge.js';
import { type Evidence, skipped, type Verdict } from '../../core/finding.js';
import { type PaymentPath, paymentPath } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';

/** The path's rules as they are now. Those that were deleted by hand are not among them. */
export async function deployedRules(world: World): Promise<Rule[]> {
  const path = await paymentPath(world);
  const found = await Promise.all(
    (path?.rules ?? []).map((rule) => world.eventbridge.describeRule(rule.busName, rule.name)),
  );
  return found.filter((rule) => rule !== undefined);
}

/** What a check of the deployed path says while there is none. */
export function notDeployed(world: World): Verdict {
  return skipped(`the stack ${world.settings.stack.name} is not deployed`);
}

/** The deployed path, or what to say instead. */
export async function pathOr(world: World): Promise<PaymentPath | Verdict> {
  return (await paymentPath(world)) ?? notDeployed(world);
}

export function ruleEvidence(world: World, rules: readonly Rule[]): Evidence[] {
  return rules.map((rule) => ({
    label: 'rule',
    value: rule.name,
    url: world.links.rule(rule.busName, rule.name),
  }));
}
