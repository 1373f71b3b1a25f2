import type { Operation } from '../../../kernel/service.js';
import { awsManagedPolicy } from '../managed-policies.js';
import { findRole, findUser, type IamState, noSuchEntity, type Role, save, type User } from '../state.js';
import * as shared from './shared.js';

interface AttachmentInput {
  RoleName?: string;
  UserName?: string;
  PolicyArn: string;
  PermissionsBoundary: string;
  Marker?: string;
  MaxItems?: string;
}

const ATTACHED_LIMIT = 10;

/** Managed policies attached to roles and users, and permissions boundaries. */
export function attachmentOperations(state: IamState): Record<string, Operation<AttachmentInput>> {
  return {
    ...operationsOf(state, 'Role', (input) => findRole(state, input.RoleName)),
    ...operationsOf(state, 'User', (input) => findUser(state, input.UserName)),
  };
}

function operationsOf(
  state: IamState,
  kind: 'Role' | 'User',
  find: (input: AttachmentInput) => Role | User,
): Record<string, Operation<AttachmentInput>> {
  const resource = (input: AttachmentInput) => shared.identityArn(input, state);
  return {
    [`Attach${kind}Policy`]: {
      resource,
      handle(input) {
        const identity = find(input);
        if (!exists(state, input.PolicyArn)) throw shared.noSuchPolicy(input.PolicyArn);
        if (identity.attached.includes(input.PolicyArn)) return;
        if (identity.attached.length >= ATTACHED_LIMIT)
          throw shared.limitExceeded(`Cannot exceed quota for PoliciesPer${kind}: ${ATTACHED_LIMIT}`);
        save(state, { ...identity, attached: [...identity.attached, input.PolicyArn] });
      },
    },
    [`Detach${kind}Policy`]: {
      resource,
      handle(input) {
        const identity = find(input);
        if (!identity.attached.includes(input.PolicyArn))
          throw noSuchEntity(`Policy ${input.PolicyArn} was not found.`);
        save(state, { ...identity, attached: identity.attached.filter((arn) => arn !== input.PolicyArn) });
      },
    },
    [`ListAttached${kind}Policies`]: {
      resource,
      handle(input) {
        const { items, rest } = shared.page(find(input).attached, input);
        const policies = items.map((arn) => ({ PolicyName: arn.split('/').at(-1), PolicyArn: arn }));
        return { AttachedPolicies: policies, ...rest };
      },
    },
    [`Put${kind}PermissionsBoundary`]: {
      resource,
      handle(input) {
        const identity = find(input);
        if (!exists(state, input.PermissionsBoundary)) throw shared.noSuchPolicy(input.PermissionsBoundary);
        save(state, { ...identity, boundary: input.PermissionsBoundary });
      },
    },
    [`Delete${kind}PermissionsBoundary`]: {
      resource,
      handle(input) {
        const { boundary, ...identity } = find(input);
        if (boundary === undefined)
          throw noSuchEntity(`${kind} ${identity.name} does not have a permissions boundary.`);
        save(state, identity);
      },
    },
  };
}

export function exists(state: IamState, policyArn: string): boolean {
  return state.policies.has(policyArn) || awsManagedPolicy(policyArn) !== undefined;
}
