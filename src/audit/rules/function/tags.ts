import { requirement } from '../../../requirements/requirement.js';
import { isList, isMap, scalarText, valueAt } from '../../document/node.js';
import type { LambdaFunction } from '../../model/functions.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Template } from '../../model/template.js';
import { type Edit, setProperty } from '../../patch/edit.js';
import { ref, type Value } from '../../patch/value.js';
import type { AuditRule } from '../../rule.js';
import { kebab, stem } from '../names.js';

const AGREED = ['Environment', 'Service', 'Component', 'ManagedBy'] as const;

export const tags: AuditRule = {
  ...requirement('function.tags'),
  *judge(template) {
    for (const one of stripePath(template).handlers) {
      const there = tagsOf(one);
      const missing = AGREED.filter((name) => !there.has(name));
      if (missing.length === 0) continue;
      yield {
        at: one.resource.entry.at,
        summary: `${one.id} lacks the ${missing.length === 1 ? 'tag' : 'tags'} ${missing.join(', ')}.`,
        expected: AGREED.join(', '),
        actual: [...there].join(', ') || 'none',
        advice: 'Tag it.',
        patch: patch(template, one, missing),
      };
    }
  },
};

function tagsOf(one: LambdaFunction): Set<string> {
  const { template } = one;
  if (one.sam) {
    const maps = [
      ...template.property(one.resource, 'Tags'),
      ...template.at(valueAt(template.document.root, 'Globals', 'Function', 'Tags'), []),
    ];
    return new Set(maps.flatMap(({ node }) => (isMap(node) ? [...node.entries.keys()] : [])));
  }
  const items = template.items(valueAt(one.resource.properties, 'Tags'), one.resource.when);
  return new Set(items.flatMap(({ node }) => scalarText(valueAt(node, 'Key')) ?? []));
}

function patch(template: Template, one: LambdaFunction, missing: readonly string[]): Edit[] | undefined {
  const wanted = missing.map((name) => [name, tagValue(template, one, name)] as const);
  const there = valueAt(one.resource.properties, 'Tags');
  if (!there) {
    const value = one.sam ? Object.fromEntries(wanted) : wanted.map(([Key, Value]) => ({ Key, Value }));
    const edit = setProperty(one.resource, ['Tags'], value);
    return edit && [edit];
  }
  if (one.sam && isMap(there)) {
    const edits = wanted.map(([name, value]) => setProperty(one.resource, ['Tags', name], value));
    return edits.every((edit) => edit !== undefined) ? edits : undefined;
  }
  if (!isList(there) || there.shared) return undefined;
  return wanted.map(([Key, Value]) => ({ kind: 'append', list: there, value: { Key, Value } }));
}

function tagValue(template: Template, one: LambdaFunction, name: string): Value {
  if (name === 'ManagedBy') return template.sam ? 'sam' : 'cloudformation';
  if (name === 'Component') return kebab(stem(one.id));
  if (name === 'Service') return ref('AWS::StackName');
  const stage = [...template.parameters.keys()].find((one) => /^(stage|env|environment)(name)?$/i.test(one));
  return ref(stage ?? 'AWS::StackName');
}
