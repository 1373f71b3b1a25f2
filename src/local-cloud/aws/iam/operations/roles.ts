import { ACCOUNT } from '../../../kernel/cloud.js';
import { AwsError, type Operation } from '../../../kernel/service.js';
import { validatePolicy } from '../policy/validate.js';
import { findRole, type IamState, type Role, type Tag, uniqueId } from '../state.js';
import * as shared from './shared.js';

interface RoleInput {
  RoleName: string;
  Path?: string;
  AssumeRolePolicyDocument?: string;
  PolicyDocument?: string;
  Description?: string;
  MaxSessionDuration?: string | number;
  PermissionsBoundary?: string;
  Tags?: Tag[];
  PathPrefix?: string;
  Marker?: string;
  MaxItems?: string;
}

const TRUST_LIMIT = 2048;

/** The life of roles themselves; their policies are in other files. */
export function roleOperations(state: IamState): Record<string, Operation<RoleInput>> {
  const resource = (input: RoleInput) => shared.identityArn(input, state);
  const newArn = (input: RoleInput) => `arn:aws:iam::${ACCOUNT}:role${input.Path ?? '/'}${input.RoleName}`;
  return {
    CreateRole: {
      resource: newArn,
      handle(input, call) {
        const name = shared.validName(input.RoleName, 'roleName', 64);
        const path = shared.validPath(input.Path);
        const trust = validTrust(input.AssumeRolePolicyDocument, name);
        if (state.roles.has(name.toLowerCase()))
          throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409);
        const role: Role = {
          kind: 'role',
          name,
          path,
          id: uniqueId('AROA'),
          arn: `arn:aws:iam::${ACCOUNT}:role${path}${name}`,
          created: call.cloud.clock.now(),
          ...(input.Description === undefined ? {} : { description: input.Description }),
          maxSessionSeconds: sessionSeconds(input.MaxSessionDuration ?? 3600),
          trust,
          tags: shared.validTags(input.Tags, call),
          ...(input.PermissionsBoundary === undefined ? {} : { boundary: input.PermissionsBoundary }),
          inline: {},
          attached: [],
        };
        return { Role: { ...describe(saved(state, role)), RoleLastUsed: undefined } };
      },
    },
    GetRole: {
      resource,
      handle: (input) => ({ Role: describe(findRole(state, input.RoleName)) }),
    },
    ListRoles: {
      handle(input) {
        const prefix = input.PathPrefix ?? '/';
        const roles = state.roles.values().filter(({ path }) => path.startsWith(prefix));
        const { items, rest } = shared.page(roles.sort(byName), input);
        // Lists leave out what GetRole shows: tags, boundary, last use.
        const summaries = items.map((role) => ({
          ...describe(role),
          Tags: undefined,
          PermissionsBoundary: undefined,
          RoleLastUsed: undefined,
        }));
        return { Roles: summaries, ...rest };
      },
    },
    DeleteRole: {
      resource,
      handle(input) {
        const role = findRole(state, input.RoleName);
        if (role.attached.length > 0) throw deleteConflict('must detach all policies first');
        if (Object.keys(role.inline).length > 0) throw deleteConflict('must delete policies first');
        state.roles.delete(role.name.toLowerCase());
      },
    },
    UpdateAssumeRolePolicy: {
      resource,
      handle(input) {
        const role = findRole(state, input.RoleName);
        saved(state, { ...role, trust: validTrust(input.PolicyDocument, role.name) });
      },
    },
    UpdateRole: {
      resource,
      handle(input) {
        const role = findRole(state, input.RoleName);
        const description = input.Description ?? role.description;
        saved(state, {
          ...role,
          ...(description === undefined ? {} : { description }),
          maxSessionSeconds: sessionSeconds(input.MaxSessionDuration ?? role.maxSessionSeconds),
        });
      },
    },
  };
}

export function describe(role: Role) {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.created),
    AssumeRolePolicyDocument: shared.encodeDocument(role.trust),
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds,
    PermissionsBoundary: role.boundary && {
      PermissionsBoundaryType: 'Policy',
      PermissionsBoundaryArn: role.boundary,
    },
    Tags: role.tags.length > 0 ? role.tags : undefined,
    RoleLastUsed: {},
  };
}

function saved(state: IamState, role: Role): Role {
  return state.roles.set(role.name.toLowerCase(), role);
}

function validTrust(document: string | undefined, roleName: string): string {
  validatePolicy(document ?? '', 'trust');
  shared.withinSize(document ?? '', TRUST_LIMIT, `trust policy of role ${roleName}`);
  return document as string;
}

function sessionSeconds(value: string | number): number {
  const seconds = Number(value);
  if (Number.isInteger(seconds) && seconds >= 3600 && seconds <= 43_200) return seconds;
  throw new AwsError(
    'ValidationError',
    `1 validation error detected: Value '${String(value)}' at 'maxSessionDuration' failed to satisfy constraint: Member must have value between 3600 and 43200`,
  );
}

function deleteConflict(why: string): AwsError {
  return new AwsError('DeleteConflict', `Cannot delete entity, ${why}.`, 409);
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}
