import { unlessAbsent } from './errors.js';
import { allPages } from './pages.js';
import type { AwsSession } from './session.js';
import { type Tags, tagsOf } from './tags.js';

const ABSENT = ['NoSuchEntityException', 'NoSuchEntity'];
/** SimulatePrincipalPolicy's own limit on actions is higher; smaller lists keep one answer to one page. */
const ACTIONS_AT_ONCE = 50;

export interface Role {
  name: string;
  arn: string;
  description: string | null;
  /** JSON text. */
  trustPolicy: string;
  permissionsBoundaryArn: string | null;
  tags: Tags;
}

export interface PolicyDocument {
  name: string;
  /** Null for an inline policy. */
  arn: string | null;
  /** JSON text. */
  document: string;
}

export interface SimulatedAction {
  action: string;
  resource: string;
  decision: 'allowed' | 'explicitDeny' | 'implicitDeny' | string;
  /** Condition keys that a policy asks about and that the simulation was not given: then the decision may be another. */
  missingContext: string[];
}

export function iamReads(session: AwsSession) {
  return {
    /** By name, without its path. */
    role(name: string): Promise<Role | undefined> {
      return session.call('iam', 'iam:GetRole', async (client) => {
        const answer = await unlessAbsent(client.getRole({ RoleName: name }), ...ABSENT);
        const role = answer?.Role;
        return (
          role && {
            name: role.RoleName ?? name,
            arn: role.Arn ?? '',
            description: role.Description ?? null,
            trustPolicy: decoded(role.AssumeRolePolicyDocument),
            permissionsBoundaryArn: role.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
            tags: tagsOf(role.Tags),
          }
        );
      });
    },

    /** Every policy of a role, inline and attached, with its document. None when there is no such role. */
    async rolePolicies(name: string): Promise<PolicyDocument[]> {
      const [inline, attached] = await Promise.all([
        inlinePolicies(session, name),
        attachedPolicies(session, name),
      ]);
      return [...inline, ...attached];
    },

    /** Whether a principal may do each action on each of the resources, in the session's region. */
    async simulate(
      principalArn: string,
      actions: readonly string[],
      resourceArns: readonly string[] = ['*'],
    ): Promise<SimulatedAction[]> {
      const decisions: SimulatedAction[] = [];
      for (let start = 0; start < actions.length; start += ACTIONS_AT_ONCE)
        decisions.push(
          ...(await session.call('iam', 'iam:SimulatePrincipalPolicy', (client) =>
            allPages(async (token) => {
              const page = await client.simulatePrincipalPolicy({
                PolicySourceArn: policySource(principalArn),
                ActionNames: actions.slice(start, start + ACTIONS_AT_ONCE),
                ResourceArns: [...resourceArns],
                ContextEntries: [
                  {
                    ContextKeyName: 'aws:RequestedRegion',
                    ContextKeyType: 'string',
                    ContextKeyValues: [session.region],
                  },
                  {
                    ContextKeyName: 'aws:SecureTransport',
                    ContextKeyType: 'boolean',
                    ContextKeyValues: ['true'],
                  },
                ],
                ...(token ? { Marker: token } : {}),
              });
              return {
                items: page.EvaluationResults?.map((result) => ({
                  action: result.EvalActionName ?? '',
                  resource: result.EvalResourceName ?? '',
                  decision: result.EvalDecision ?? 'implicitDeny',
                  missingContext: result.MissingContextValues ?? [],
                })),
                next: page.Marker,
              };
            }),
          )),
        );
      return decisions;
    },
  };
}

/** The role behind an assumed role's session: policies belong to roles, and the simulator takes no session. */
export function policySource(principalArn: string): string {
  const session = /^arn:([\w-]+):sts::(\d+):assumed-role\/(.+)\/[^/]+$/.exec(principalArn);
  return session ? `arn:${session[1]}:iam::${session[2]}:role/${session[3]}` : principalArn;
}

function inlinePolicies(session: AwsSession, role: string): Promise<PolicyDocument[]> {
  return session.call('iam', 'iam:ListRolePolicies', async (client) => {
    const listed = allPages(async (token) => {
      const page = await client.listRolePolicies({ RoleName: role, ...(token ? { Marker: token } : {}) });
      return { items: page.PolicyNames, next: page.Marker };
    });
    const names = (await unlessAbsent(listed, ...ABSENT)) ?? [];
    return Promise.all(
      names.map(async (name) => {
        const policy = await client.getRolePolicy({ RoleName: role, PolicyName: name });
        return { name, arn: null, document: decoded(policy.PolicyDocument) };
      }),
    );
  });
}

function attachedPolicies(session: AwsSession, role: string): Promise<PolicyDocument[]> {
  return session.call('iam', 'iam:ListAttachedRolePolicies', async (client) => {
    const listed = allPages(async (token) => {
      const page = await client.listAttachedRolePolicies({
        RoleName: role,
        ...(token ? { Marker: token } : {}),
      });
      return { items: page.AttachedPolicies, next: page.Marker };
    });
    return Promise.all(
      ((await unlessAbsent(listed, ...ABSENT)) ?? []).map(async ({ PolicyName, PolicyArn }) => {
        const { Policy } = await client.getPolicy({ PolicyArn });
        const version = await client.getPolicyVersion({ PolicyArn, VersionId: Policy?.DefaultVersionId });
        return {
          name: PolicyName ?? '',
          arn: PolicyArn ?? null,
          document: decoded(version.PolicyVersion?.Document),
        };
      }),
    );
  });
}

/** IAM gives policy documents URL-encoded (RFC 3986). */
function decoded(document: string | undefined): string {
  return document === undefined ? '{}' : decodeURIComponent(document);
}
