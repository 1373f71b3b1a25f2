import type { Rule } from '../../aws/eventbridge.js';
import { fail, pass, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { declaredProperties } from '../../world/template-properties.js';
import type { World } from '../../world/world.js';
import type { PathCheck } from '../types.js';
import { deployedRules, RULE_ACTIONS, ruleEvidence } from './deployed-rules.js';

export const ruleEnabled: PathCheck = {
  ...requirement('eventbridge.rule-enabled'),
  otherwise: 'the rule is enabled, but the template of an unmanaged stack does not say so',
  needs: ['eventbridge.rule'],
  iam: [...RULE_ACTIONS, 'cloudformation:GetTemplate'],
  fixIam: ['events:EnableRule'],
  async inspect(world) {
    const rules = await deployedRules(world);
    const evidence = ruleEvidence(world, rules);
    const disabled = rules.filter((rule) => rule.state !== 'ENABLED');
    if (disabled.length > 0)
      return fail(disabled.map((rule) => `${rule.name} is ${rule.state}`).join(', '), {
        expected: 'ENABLED',
        actual: disabled[0]?.state ?? '',
        evidence,
        remedy: {
          text: 'Enable it; then look for what was missed meanwhile.',
          commands: ['cachao setup', 'cachao reconcile'],
          fixable: true,
        },
      });
    const names = rules.map((rule) => rule.name).join(', ');
    const silent = (await Promise.all(rules.map((rule) => isSilent(world, rule)))).includes(true);
    if (!silent) return pass(`${names} is ENABLED`, { evidence });
    return warn(`${names} is ENABLED, but only by default: the template does not say so`, {
      expected: 'State: ENABLED in the template',
      actual: 'no State',
      evidence,
      remedy: { text: 'Write State: ENABLED into the template of the rule.', commands: [], fixable: false },
    });
  },
  fixLeaves: 'the template of an unmanaged stack',
  async fix(world) {
    const rules = await deployedRules(world);
    return rules
      .filter((rule) => rule.state !== 'ENABLED')
      .map((rule) => ({
        check: 'eventbridge.rule-enabled',
        action: 'update',
        resource: 'rule',
        name: rule.name,
        details: [`state: ${rule.state} -> ENABLED`],
        url: world.links.rule(rule.busName, rule.name),
        apply: (bench) => bench.eventbridge.enableRule(rule.busName, rule.name),
      }));
  },
};

/** Whether a template of somebody else's leaves the state to the default; ours states it. */
async function isSilent(world: World, rule: Rule): Promise<boolean> {
  if (world.settings.stack.managed) return false;
  const id = rule.busName === 'default' ? rule.name : `${rule.busName}|${rule.name}`;
  const declared = await declaredProperties(world, 'AWS::Events::Rule', id);
  return declared !== undefined && declared.State === undefined;
}
