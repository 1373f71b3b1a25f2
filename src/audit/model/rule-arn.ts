import type { TemplateNode } from '../document/node.js';
import { like } from './policies.js';
import type { EventRule } from './rules.js';
import type { Template } from './template.js';
import { referenceOf, textOf } from './text.js';

/** Whether a node is the rule's ARN: by reference, or written out with the bus in it, or with wildcards that cover both. */
export function isArnOfRule(template: Template, source: TemplateNode, rule: EventRule): boolean {
  const reference = referenceOf(source);
  if (reference) return reference.ref === rule.id && reference.attribute === 'Arn';
  const text = textOf(source);
  if (!text) return false;
  const written = template.canonical(text).replace(/^.*?:rule\//, '');
  const bus = textOf(rule.buses()[0]?.node);
  const stated = rule.name();
  const name = stated ? template.canonical(stated) : undefined;
  const busKey = bus ? template.canonical(bus).replace(/^.*:event-bus\//, '') : '';
  const wanted = `${busKey === '' || busKey === 'default' ? '' : `${busKey}/`}${name ?? 'a-name-that-is-made'}`;
  return like(written, wanted);
}
