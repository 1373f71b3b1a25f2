import type { Operation } from '../../../kernel/service.js';
import { findUser, type IamState, type User } from '../state.js';
import * as shared from './shared.js';

/** The operator is the only user; users cannot be made here. */
export function userOperations(state: IamState): Record<string, Operation> {
  const resource = (input: { UserName?: string }) => shared.identityArn(input, state);
  return {
    GetUser: {
      resource,
      handle: (input: { UserName?: string }) => ({ User: describe(findUser(state, input.UserName)) }),
    },
    ListUsers: {
      handle(input: { Marker?: string; MaxItems?: string }) {
        const { items, rest } = shared.page(state.users.values(), input);
        return { Users: items.map(describe), ...rest };
      },
    },
  };
}

function describe(user: User) {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: new Date(user.created),
    PermissionsBoundary: user.boundary && {
      PermissionsBoundaryType: 'Policy',
      PermissionsBoundaryArn: user.boundary,
    },
    Tags: user.tags.length > 0 ? user.tags : undefined,
  };
}
