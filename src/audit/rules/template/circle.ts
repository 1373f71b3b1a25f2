import { requirement } from '../../../requirements/requirement.js';
import { everythingIn, type Span, scalarText, type TemplateNode, valueAt } from '../../document/node.js';
import type { Resource, Template } from '../../model/template.js';
import { referencesIn, textOf } from '../../model/text.js';
import type { AuditRule } from '../../rule.js';

export const circle: AuditRule = {
  ...requirement('audit.circle'),
  *judge(template) {
    for (const { names, at } of template.conditions.circles())
      yield {
        at,
        summary: `The conditions ${names.join(' → ')} are defined by each other.`,
        advice: 'Define one of them without the others.',
      };
    for (const { ids, at } of resourceCircles(template))
      yield {
        at,
        summary: `The resources ${ids.join(' → ')} wait for each other.`,
        advice: 'Break the circle: write one of the references out, or move it to a resource of its own.',
      };
  },
};

interface Circle {
  ids: string[];
  at: Span;
}

/** Each circle once, at the reference that closes it. An explicit stack: templates may be long chains. */
function resourceCircles(template: Template): Circle[] {
  const found: Circle[] = [];
  const state = new Map<string, 'open' | 'done'>();
  for (const start of template.resources.values()) {
    if (state.has(start.id)) continue;
    const path: { resource: Resource; uses: { id: string; at: Span }[] }[] = [];
    const enter = (resource: Resource): void => {
      state.set(resource.id, 'open');
      path.push({ resource, uses: usedBy(template, resource) });
    };
    enter(start);
    while (path.length > 0) {
      const top = path[path.length - 1];
      const use = top?.uses.pop();
      if (!use) {
        state.set(path.pop()?.resource.id ?? '', 'done');
        continue;
      }
      const next = template.resources.get(use.id);
      if (next && state.get(use.id) === 'open') {
        const from = path.findIndex(({ resource }) => resource.id === use.id);
        found.push({ ids: [...path.slice(from).map(({ resource }) => resource.id), use.id], at: use.at });
      } else if (next && !state.has(use.id)) enter(next);
    }
  }
  return found;
}

/** What a resource needs before it can be made. What SAM splits into resources of their own does not count. */
function usedBy(template: Template, { body, properties, type }: Resource): { id: string; at: Span }[] {
  const depends = valueAt(body, 'DependsOn');
  const named = (depends?.kind === 'list' ? depends.items : [depends]).flatMap((node) => {
    const text = scalarText(node);
    return node && text !== undefined ? [{ id: text, at: node }] : [];
  });
  const parts = type.startsWith('AWS::Serverless::') ? [] : [properties];
  const referenced = parts.flatMap((part) => (part ? references(template, part) : []));
  return [...named, ...referenced].filter(
    (use, index, all) =>
      all.findIndex((other) => other.id === use.id) === index && template.resources.has(use.id),
  );
}

function references(template: Template, node: TemplateNode): { id: string; at: Span }[] {
  return [...everythingIn(node)].flatMap((one) =>
    one.kind === 'call'
      ? referencesIn(textOf(one))
          .filter(({ ref }) => template.resources.has(ref))
          .map(({ ref }) => ({ id: ref, at: one }))
      : [],
  );
}
