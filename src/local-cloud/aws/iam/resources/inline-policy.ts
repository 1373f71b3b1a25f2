import type { Properties, ResourceContext, ResourceType } from '../../../kernel/resource-type.js';
import { difference, documentText, names, readDocument, unlessGone } from './shared.js';

type Kind = 'Role' | 'User';

/** AWS::IAM::Policy: one document put inline on roles and users (groups are not supported). `Ref` is its id. */
export const inlinePolicyType: ResourceType = {
  properties: ['PolicyDocument', 'PolicyName', 'Roles', 'Users'],
  required: ['PolicyDocument', 'PolicyName'],

  async create(properties, context) {
    for (const [kind, name] of holders(properties)) await put(kind, name, properties, context);
    const physicalId = context.generatedName(64);
    return { physicalId, attributes: { Id: physicalId } };
  },

  async update(physicalId, next, previous, context) {
    for (const [kind, name] of holders(next)) await put(kind, name, next, context);
    const renamed = next.PolicyName !== previous.PolicyName;
    for (const kind of ['Role', 'User'] as const) {
      const before = names(previous[`${kind}s`]);
      const gone = renamed ? before : difference(names(next[`${kind}s`]), before).removed;
      for (const name of gone) await remove(kind, name, String(previous.PolicyName), context);
    }
    return { physicalId, attributes: { Id: physicalId } };
  },

  async delete(_physicalId, properties, context) {
    for (const [kind, name] of holders(properties))
      await remove(kind, name, String(properties.PolicyName), context);
  },

  async read(_physicalId, properties, context) {
    const holding: Record<Kind, string[]> = { Role: [], User: [] };
    let document: unknown;
    for (const [kind, name] of holders(properties)) {
      const input = { [`${kind}Name`]: name, PolicyName: properties.PolicyName };
      const found: { PolicyDocument: string } | undefined = await unlessGone(
        context.call('iam', `Get${kind}Policy`, input),
      );
      if (!found) continue;
      holding[kind].push(name);
      document ??= readDocument(found.PolicyDocument);
    }
    if (document === undefined) return undefined;
    const live: Properties = { PolicyName: properties.PolicyName, PolicyDocument: document };
    if (properties.Roles !== undefined) live.Roles = holding.Role;
    if (properties.Users !== undefined) live.Users = holding.User;
    return live;
  },
};

function holders(properties: Properties): [Kind, string][] {
  const roles = names(properties.Roles).map((name): [Kind, string] => ['Role', name]);
  const users = names(properties.Users).map((name): [Kind, string] => ['User', name]);
  return [...roles, ...users];
}

async function put(
  kind: Kind,
  name: string,
  properties: Properties,
  context: ResourceContext,
): Promise<void> {
  await context.call('iam', `Put${kind}Policy`, {
    [`${kind}Name`]: name,
    PolicyName: properties.PolicyName,
    PolicyDocument: documentText(properties.PolicyDocument),
  });
}

async function remove(kind: Kind, name: string, PolicyName: string, context: ResourceContext): Promise<void> {
  await unlessGone(context.call('iam', `Delete${kind}Policy`, { [`${kind}Name`]: name, PolicyName }));
}
