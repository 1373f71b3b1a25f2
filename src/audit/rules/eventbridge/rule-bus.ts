import { requirement } from '../../../requirements/requirement.js';
import { scalarText } from '../../document/node.js';
import { isRelayed } from '../../model/relays.js';
import { busKind, type EventRule } from '../../model/rules.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Parameter, Template } from '../../model/template.js';
import { keyOf, textOf } from '../../model/text.js';
import type { Possibility } from '../../model/values.js';
import { type Edit, setAt } from '../../patch/edit.js';
import type { AuditRule, Judgement } from '../../rule.js';
import { branch } from '../branch.js';
import { PARTNER_PATTERN, partnerBus } from '../names.js';

export const ruleBus: AuditRule = {
  ...requirement('eventbridge.rule-bus'),
  *judge(template) {
    for (const rule of stripePath(template).rules)
      for (const bus of rule.buses()) yield* judgeBus(template, rule, bus);
  },
};

function* judgeBus(template: Template, rule: EventRule, bus: Possibility): Generator<Judgement> {
  const kind = busKind(template, bus.node);
  if (kind === 'partner' || kind === 'open' || isRelayed(rule, bus)) return;
  const shown = bus.node ? keyOf(textOf(bus.node) ?? []) : 'no bus, which means "default"';
  const parameter = template.parameterOf(bus.node);
  yield {
    at: parameter?.default ?? bus.node ?? rule.place,
    // A rule elsewhere may forward Stripe's events to it.
    ...(kind === 'custom' ? { severity: 'warn' } : {}),
    summary: `${rule.label} stands on ${parameter ? `the bus in ${parameter.name}, "${scalarText(parameter.default)}" by default` : shown}${branch(bus, rule.buses())}.`,
    expected: 'the partner event bus, aws.partner/stripe.com/…',
    actual: parameter ? (scalarText(parameter.default) ?? '') : bus.node ? shown : 'default',
    advice:
      kind === 'default'
        ? "Put the rule on the partner bus. A partner source cannot be associated with the default bus, whatever the console's wording suggests."
        : 'Put the rule on the partner bus; on another bus it sees Stripe only if a rule there forwards to it.',
    patch: kind === 'default' ? patchFor(template, rule, bus, parameter) : undefined,
  };
}

function patchFor(
  template: Template,
  rule: EventRule,
  bus: Possibility,
  parameter: Parameter | undefined,
): Edit[] | undefined {
  // Where another branch has the right bus, somebody decided what this one is for.
  if (rule.buses().length > 1) return undefined;
  if (parameter) return [withoutDefault(parameter)];
  const { value, edits } = partnerBus(template, rule);
  const edit = bus.node
    ? ({ kind: 'replace', node: bus.node, value } as const)
    : bus.at === rule.properties
      ? setAt(rule.properties, ['EventBusName'], value)
      : undefined;
  return edit && [...edits, edit];
}

/** Without a default, a deployment that forgets the bus stops instead of listening to the wrong one. */
function withoutDefault({ body }: Parameter): Edit {
  if (body.entries.has('AllowedPattern') || body.entries.has('AllowedValues'))
    return { kind: 'remove', map: body, key: 'Default' };
  return { kind: 'rename', map: body, from: 'Default', key: 'AllowedPattern', value: PARTNER_PATTERN };
}
