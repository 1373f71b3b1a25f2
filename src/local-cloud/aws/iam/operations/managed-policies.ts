import { ACCOUNT } from '../../../kernel/cloud.js';
import { AwsError, type Operation } from '../../../kernel/service.js';
import { awsManagedPolicies, awsManagedPolicy } from '../managed-policies.js';
import { validatePolicy } from '../policy/validate.js';
import { type IamState, type ManagedPolicy, noSuchEntity, type Tag, uniqueId } from '../state.js';
import { describePolicy } from './describe-policy.js';
import * as shared from './shared.js';

interface PolicyInput {
  PolicyName: string;
  PolicyArn: string;
  PolicyDocument: string;
  Path?: string;
  Description?: string;
  Tags?: Tag[];
  Scope?: 'All' | 'AWS' | 'Local';
  OnlyAttached?: string;
  PathPrefix?: string;
  Marker?: string;
  MaxItems?: string;
}

export const POLICY_LIMIT = 6144;

/** Managed policies: customers' own, and reading AWS's. Their versions are in policy-versions.ts. */
export function managedPolicyOperations(state: IamState): Record<string, Operation<PolicyInput>> {
  const resource = (input: PolicyInput) => input.PolicyArn;
  return {
    CreatePolicy: {
      resource: (input) => `arn:aws:iam::${ACCOUNT}:policy${input.Path ?? '/'}${input.PolicyName}`,
      handle(input, call) {
        const name = shared.validName(input.PolicyName, 'policyName', 128);
        const path = shared.validPath(input.Path);
        validatePolicy(input.PolicyDocument ?? '', 'identity');
        shared.withinSize(input.PolicyDocument, POLICY_LIMIT, `policy ${name}`);
        if (state.policies.values().some((policy) => policy.name.toLowerCase() === name.toLowerCase()))
          throw new AwsError(
            'EntityAlreadyExists',
            `A policy called ${name} already exists. Duplicate names are not allowed.`,
            409,
          );
        const now = call.cloud.clock.now();
        const policy: ManagedPolicy = {
          name,
          path,
          id: uniqueId('ANPA'),
          arn: `arn:aws:iam::${ACCOUNT}:policy${path}${name}`,
          ...(input.Description === undefined ? {} : { description: input.Description }),
          created: now,
          updated: now,
          tags: shared.validTags(input.Tags, call),
          defaultVersion: 'v1',
          nextVersion: 2,
          versions: [{ id: 'v1', document: input.PolicyDocument, created: now }],
        };
        state.policies.set(policy.arn, policy);
        return { Policy: describePolicy(state, policy) };
      },
    },
    GetPolicy: {
      resource,
      handle: (input) => ({ Policy: describePolicy(state, findPolicy(state, input.PolicyArn)) }),
    },
    ListPolicies: {
      handle(input) {
        const scope = input.Scope ?? 'All';
        const aws = scope === 'Local' ? [] : awsManagedPolicies().map(asManagedPolicy);
        const own = scope === 'AWS' ? [] : state.policies.values();
        const described = [...aws, ...own]
          .filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'))
          .map((policy) => describePolicy(state, policy))
          .filter(({ AttachmentCount }) => input.OnlyAttached !== 'true' || AttachmentCount > 0);
        const { items, rest } = shared.page(described, input);
        return { Policies: items, ...rest };
      },
    },
    DeletePolicy: {
      resource,
      handle(input) {
        const policy = ownPolicy(state, input.PolicyArn);
        const { AttachmentCount, PermissionsBoundaryUsageCount } = describePolicy(state, policy);
        if (AttachmentCount > 0 || PermissionsBoundaryUsageCount > 0)
          throw new AwsError('DeleteConflict', 'Cannot delete a policy attached to entities.', 409);
        if (policy.versions.length > 1)
          throw new AwsError(
            'DeleteConflict',
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
            409,
          );
        state.policies.delete(policy.arn);
      },
    },
  };
}

/** A customer's or AWS's policy. Throws `NoSuchEntity`. */
export function findPolicy(state: IamState, arn: string): ManagedPolicy {
  const aws = awsManagedPolicy(arn);
  return aws ? asManagedPolicy(aws) : ownPolicy(state, arn);
}

/** A policy that can be changed. Throws `NoSuchEntity`, or `AccessDenied` for AWS's own. */
export function ownPolicy(state: IamState, arn: string): ManagedPolicy {
  const policy = state.policies.get(arn);
  if (policy) return policy;
  if (awsManagedPolicy(arn))
    throw new AwsError('AccessDenied', `Policy ${arn} belongs to AWS and cannot be changed.`, 403);
  throw noSuchEntity(`Policy ${arn} was not found.`);
}

function asManagedPolicy(aws: { arn: string; name: string; path: string; document: string }): ManagedPolicy {
  const created = Date.UTC(2015, 3, 9);
  const versions = [{ id: 'v1', document: aws.document, created }];
  const { arn, name, path } = aws;
  const id = `ANPA${name.toUpperCase().replace(/[^A-Z]/g, '')}`.padEnd(21, 'A').slice(0, 21);
  return {
    arn,
    name,
    path,
    id,
    created,
    updated: created,
    tags: [],
    defaultVersion: 'v1',
    nextVersion: 2,
    versions,
  };
}
