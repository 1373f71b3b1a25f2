import { fail, pass } from '../../core/finding.js';
import type { PathCheck } from '../types.js';

export const ruleEnabled: PathCheck = {
  id: 'eventbridge.rule-enabled',
  title: 'The rule is enabled',
  area: 'eventbridge',
  severity: 'fail',
  item: 1,
  needs: ['stack.current'],
  iam: ['events:DescribeRule'],
  fixIam: ['events:EnableRule'],
  why: 'A disabled rule drops every event, and no alarm on failures rings: nothing fails, nothing happens.',
  async inspect(world) {
    const outputs = await world.stackOutputs();
    const rule = outputs && (await world.eventbridge.describeRule(outputs.eventBusName, outputs.ruleName));
    if (!rule)
      return fail('the rule does not exist', {
        remedy: { text: 'Deploy the stack again.', commands: ['cachao setup'], fixable: false },
      });
    if (rule.state === 'ENABLED') return pass(`${rule.name} is ENABLED`);
    return fail(`${rule.name} is ${rule.state}`, {
      expected: 'ENABLED',
      actual: rule.state,
      evidence: [{ label: 'rule', value: rule.name, url: world.links.rule(rule.busName, rule.name) }],
      remedy: {
        text: 'Enable it; then reconcile what was missed meanwhile.',
        commands: ['cachao setup'],
        fixable: true,
      },
    });
  },
  fix: {
    async plan(world) {
      const outputs = await world.stackOutputs();
      const rule = outputs && (await world.eventbridge.describeRule(outputs.eventBusName, outputs.ruleName));
      if (!rule || rule.state === 'ENABLED') return [];
      return [
        {
          check: 'eventbridge.rule-enabled',
          action: 'update',
          resource: 'rule',
          name: rule.name,
          details: [`state: ${rule.state} -> ENABLED`],
        },
      ];
    },
    async apply(bench) {
      const outputs = await bench.world.stackOutputs();
      if (outputs) await bench.eventbridge.enableRule(outputs.eventBusName, outputs.ruleName);
    },
  },
};
