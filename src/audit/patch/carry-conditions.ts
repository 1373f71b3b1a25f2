import type { Edit } from './edit.js';
import { Call, type Value } from './value.js';

/**
 * What is added because of a conditional resource exists only where that does: its condition is carried over.
 * Undefined: it would need two conditions at once, and a person decides.
 */
export function carryConditions(
  edits: readonly Edit[],
  conditionsOf: (id: string) => readonly string[],
): Edit[] | undefined {
  const added = new Map<string, string>();
  const out: Edit[] = [];
  // A queue stands before its policy, and an alarm behind both.
  for (const edit of edits) {
    if (edit.kind !== 'section' || edit.section !== 'Resources') {
      out.push(edit);
      continue;
    }
    const ids = referencesOf(edit.value);
    const conditions = new Set(ids.flatMap((id) => added.get(id) ?? conditionsOf(id)));
    const [condition, ...more] = conditions;
    if (more.length > 0) return undefined;
    if (condition !== undefined) added.set(edit.key, condition);
    out.push(condition === undefined ? edit : { ...edit, value: conditional(edit.value, condition) });
  }
  return out;
}

/** Behind the type, where people write it. */
function conditional(value: Value, condition: string): Value {
  if (typeof value !== 'object' || Array.isArray(value) || value instanceof Call) return value;
  const { Type = '', ...rest } = value as { [key: string]: Value };
  return { Type, Condition: condition, ...rest };
}

function referencesOf(value: Value): string[] {
  if (typeof value !== 'object') return [];
  if (Array.isArray(value)) return value.flatMap(referencesOf);
  if (!(value instanceof Call)) return Object.values(value).flatMap(referencesOf);
  const { name, argument } = value;
  if (name === 'Ref') return [String(argument)];
  if (name === 'Fn::GetAtt')
    return [String(Array.isArray(argument) ? argument[0] : argument).split('.')[0] ?? ''];
  const within =
    typeof argument === 'string' ? [...argument.matchAll(/\$\{(\w+)/g)].map((match) => match[1] ?? '') : [];
  return [...within, ...referencesOf(argument)];
}
