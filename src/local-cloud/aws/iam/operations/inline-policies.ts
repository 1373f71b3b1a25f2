import type { Operation } from '../../../kernel/service.js';
import { validatePolicy } from '../policy/validate.js';
import {
  findRole,
  findUser,
  type IamState,
  type Identity,
  noSuchEntity,
  type Role,
  save,
  type User,
} from '../state.js';
import * as shared from './shared.js';

interface InlineInput {
  RoleName?: string;
  UserName?: string;
  PolicyName: string;
  PolicyDocument: string;
  Marker?: string;
  MaxItems?: string;
}

/** The whole of an identity's inline policies may be this long. */
const LIMITS = { role: 10_240, user: 2048 };

/** `PutRolePolicy`, `GetUserPolicy`, …: the same four for roles and for users. */
export function inlinePolicyOperations(state: IamState): Record<string, Operation<InlineInput>> {
  return {
    ...operationsOf(state, 'Role', (input) => findRole(state, input.RoleName)),
    ...operationsOf(state, 'User', (input) => findUser(state, input.UserName)),
  };
}

function operationsOf(
  state: IamState,
  kind: 'Role' | 'User',
  find: (input: InlineInput) => Role | User,
): Record<string, Operation<InlineInput>> {
  const resource = (input: InlineInput) => shared.identityArn(input, state);
  return {
    [`Put${kind}Policy`]: {
      resource,
      handle(input) {
        const identity = find(input);
        const name = shared.validName(input.PolicyName, 'policyName', 128);
        validatePolicy(input.PolicyDocument ?? '', 'identity');
        const inline = { ...identity.inline, [name]: input.PolicyDocument };
        const what = `${identity.kind} ${identity.name}`;
        shared.withinSize(Object.values(inline).join(''), LIMITS[identity.kind], what);
        save(state, { ...identity, inline });
      },
    },
    [`Get${kind}Policy`]: {
      resource,
      handle(input) {
        const identity = find(input);
        const document = shared.encodeDocument(inlinePolicy(identity, input.PolicyName));
        return { [`${kind}Name`]: identity.name, PolicyName: input.PolicyName, PolicyDocument: document };
      },
    },
    [`List${kind}Policies`]: {
      resource,
      handle(input) {
        const { items, rest } = shared.page(Object.keys(find(input).inline).sort(), input);
        return { PolicyNames: items, ...rest };
      },
    },
    [`Delete${kind}Policy`]: {
      resource,
      handle(input) {
        const identity = find(input);
        inlinePolicy(identity, input.PolicyName);
        const { [input.PolicyName]: _, ...inline } = identity.inline;
        save(state, { ...identity, inline });
      },
    },
  };
}

function inlinePolicy(identity: Identity, name: string): string {
  const document = Object.hasOwn(identity.inline, name) ? identity.inline[name] : undefined;
  if (document === undefined)
    throw noSuchEntity(`The ${identity.kind} policy with name ${name} cannot be found.`);
  return document;
}
