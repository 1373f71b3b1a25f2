import { requirement } from '../../../requirements/requirement.js';
import { scalarText, valueAt } from '../../document/node.js';
import type { EventRule } from '../../model/rules.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Template } from '../../model/template.js';
import type { AuditRule } from '../../rule.js';

export const singleHandler: AuditRule = {
  ...requirement('delivery.single-handler'),
  *judge(template) {
    const { rules } = stripePath(template);
    const seen: { id: string; rule: EventRule; types: Set<string> | undefined }[] = [];
    for (const rule of rules)
      for (const one of rule.functions()) {
        const types = typesOf(template, rule);
        const other = seen.find((each) => each.id !== one.id && overlap(each.types, types));
        if (other)
          yield {
            at: rule.place,
            summary: `${rule.label} sends to ${one.id} what ${other.rule.label} sends to ${other.id}.`,
            expected: 'one function for each type of event',
            actual: `${other.id} and ${one.id}`,
            advice:
              'Let one of them settle orders. If the other only reads along, say so in a suppression with the reason.',
          };
        seen.push({ id: one.id, rule, types });
      }
  },
};

/** The types that the rule names; undefined: all, or a filter. */
function typesOf(template: Template, rule: EventRule): Set<string> | undefined {
  const types = rule
    .patterns()
    .flatMap(({ node, when }) => template.items(valueAt(node, 'detail-type'), when));
  const words = types.map(({ node }) => scalarText(node));
  return words.length === 0 || words.some((word) => word === undefined)
    ? undefined
    : new Set(words as string[]);
}

const overlap = (one: Set<string> | undefined, other: Set<string> | undefined): boolean =>
  !one || !other || [...one].some((type) => other.has(type));
