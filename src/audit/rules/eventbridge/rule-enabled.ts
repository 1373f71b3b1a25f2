import { requirement } from '../../../requirements/requirement.js';
import { scalarText } from '../../document/node.js';
import type { EventRule } from '../../model/rules.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Template } from '../../model/template.js';
import type { Possibility } from '../../model/values.js';
import { setAt } from '../../patch/edit.js';
import type { AuditRule, Judgement } from '../../rule.js';
import { branch } from '../branch.js';

export const ruleEnabled: AuditRule = {
  ...requirement('eventbridge.rule-enabled'),
  *judge(template) {
    for (const rule of stripePath(template).rules)
      for (const state of rule.at('State')) yield* judgeState(template, rule, state);
  },
};

function* judgeState(template: Template, rule: EventRule, state: Possibility): Generator<Judgement> {
  const text = template.plainText(state.node);
  if (!state.node) {
    const enabled = rule.owner ? rule.at('Enabled')[0]?.node : undefined;
    if (scalarText(enabled)?.toLowerCase() === 'true') return;
    if (enabled) yield { ...disabled(rule, 'Enabled: false'), at: enabled };
    else
      yield {
        at: rule.place,
        severity: 'warn',
        summary: `${rule.label} does not state its State${branch(state, rule.at('State'))}.`,
        expected: 'State: ENABLED',
        advice: 'State it, so that every deployment makes it so.',
        patch: absent(state, rule) ? patch(rule) : undefined,
      };
    return;
  }
  if (text === undefined || text === 'ENABLED') return;
  yield { ...disabled(rule, `State: ${text}`), at: state.node };
}

const disabled = (rule: EventRule, actual: string): Omit<Judgement, 'at'> => ({
  summary: `${rule.label} says ${actual}.`,
  expected: 'State: ENABLED',
  actual,
  advice: 'Enable it. If it is off on purpose, say so in a suppression with the reason.',
});

const absent = (state: Possibility, rule: EventRule): boolean => state.at === rule.properties;

function patch(rule: EventRule): Judgement['patch'] {
  const edit = setAt(rule.properties, ['State'], 'ENABLED');
  return edit && [edit];
}
