import { type Statement, statementsOf } from '../../world/policy-document.js';
import type { World } from '../../world/world.js';

/** One statement of a role, and the policy that it stands in. */
export interface RoleStatement extends Statement {
  policy: string;
}

export const ROLE_ACTIONS = [
  'iam:GetPolicy',
  'iam:GetPolicyVersion',
  'iam:GetRolePolicy',
  'iam:ListAttachedRolePolicies',
  'iam:ListRolePolicies',
];

/** Every statement of a role's policies, inline and attached. */
export async function roleStatements(world: World, roleArn: string): Promise<RoleStatement[]> {
  const policies = await world.iam.rolePolicies(roleNameOf(roleArn));
  return policies.flatMap(({ name, document }) =>
    statementsOf(document).map((statement) => ({ ...statement, policy: name })),
  );
}

/** Without its path: that is how IAM wants it. */
export function roleNameOf(roleArn: string): string {
  return roleArn.split('/').at(-1) ?? roleArn;
}
