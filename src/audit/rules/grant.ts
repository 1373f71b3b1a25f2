import { isList, valueAt } from '../document/node.js';
import type { Resource, Template } from '../model/template.js';
import { type Edit, setProperty } from '../patch/edit.js';
import type { Value } from '../patch/value.js';
import { kebab } from './names.js';

/** Lets a role do something, by an inline policy more. Undefined: its policies are not a list that can be added to. */
export function grant(
  template: Template,
  role: Resource,
  sid: string,
  actions: readonly string[],
  resource: Value,
): Edit | undefined {
  const policies = valueAt(role.properties, 'Policies');
  const taken = template
    .items(policies, role.when)
    .map(({ node }) => template.plainText(valueAt(node, 'PolicyName')));
  let name = kebab(sid);
  for (let number = 2; taken.includes(name); number++) name = `${kebab(sid)}-${number}`;
  const statement: Value = { Sid: sid, Effect: 'Allow', Action: actions, Resource: resource };
  const policy: Value = {
    PolicyName: name,
    PolicyDocument: { Version: '2012-10-17', Statement: [statement] },
  };
  if (!policies) return setProperty(role, ['Policies'], [policy]);
  return isList(policies) ? { kind: 'append', list: policies, value: policy } : undefined;
}
