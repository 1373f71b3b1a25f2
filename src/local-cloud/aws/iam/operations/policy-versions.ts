import { AwsError, type Operation } from '../../../kernel/service.js';
import { validatePolicy } from '../policy/validate.js';
import { type IamState, type ManagedPolicy, noSuchEntity } from '../state.js';
import { findPolicy, ownPolicy, POLICY_LIMIT } from './managed-policies.js';
import * as shared from './shared.js';

interface VersionInput {
  PolicyArn: string;
  VersionId: string;
  PolicyDocument: string;
  SetAsDefault?: string | boolean;
  Marker?: string;
  MaxItems?: string;
}

const VERSION_LIMIT = 5;

export function policyVersionOperations(state: IamState): Record<string, Operation<VersionInput>> {
  const resource = (input: VersionInput) => input.PolicyArn;
  return {
    CreatePolicyVersion: {
      resource,
      handle(input, call) {
        const policy = ownPolicy(state, input.PolicyArn);
        validatePolicy(input.PolicyDocument ?? '', 'identity');
        shared.withinSize(input.PolicyDocument, POLICY_LIMIT, `policy ${policy.name}`);
        if (policy.versions.length >= VERSION_LIMIT)
          throw shared.limitExceeded(
            `A managed policy can have up to ${VERSION_LIMIT} versions. Before you create a new version, you must delete an existing version.`,
          );
        const now = call.cloud.clock.now();
        const version = { id: `v${policy.nextVersion}`, document: input.PolicyDocument, created: now };
        const next: ManagedPolicy = {
          ...policy,
          updated: now,
          nextVersion: policy.nextVersion + 1,
          versions: [...policy.versions, version],
          ...(String(input.SetAsDefault) === 'true' ? { defaultVersion: version.id } : {}),
        };
        state.policies.set(policy.arn, next);
        return { PolicyVersion: describe(next, version) };
      },
    },
    GetPolicyVersion: {
      resource,
      handle(input) {
        const policy = findPolicy(state, input.PolicyArn);
        const version = findVersion(policy, input.VersionId);
        const Document = shared.encodeDocument(version.document);
        return { PolicyVersion: { ...describe(policy, version), Document } };
      },
    },
    ListPolicyVersions: {
      resource,
      handle(input) {
        const policy = findPolicy(state, input.PolicyArn);
        const { items, rest } = shared.page([...policy.versions].reverse(), input);
        return { Versions: items.map((version) => describe(policy, version)), ...rest };
      },
    },
    SetDefaultPolicyVersion: {
      resource,
      handle(input, call) {
        const policy = ownPolicy(state, input.PolicyArn);
        const { id } = findVersion(policy, input.VersionId);
        state.policies.set(policy.arn, { ...policy, defaultVersion: id, updated: call.cloud.clock.now() });
      },
    },
    DeletePolicyVersion: {
      resource,
      handle(input) {
        const policy = ownPolicy(state, input.PolicyArn);
        const { id } = findVersion(policy, input.VersionId);
        if (id === policy.defaultVersion)
          throw new AwsError('DeleteConflict', 'Cannot delete the default version of a policy.', 409);
        const versions = policy.versions.filter((version) => version.id !== id);
        state.policies.set(policy.arn, { ...policy, versions });
      },
    },
  };
}

type Version = ManagedPolicy['versions'][number];

function findVersion(policy: ManagedPolicy, id: string): Version {
  const version = policy.versions.find((candidate) => candidate.id === id);
  if (!version) throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
  return version;
}

function describe(policy: ManagedPolicy, version: Version) {
  return {
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.defaultVersion,
    CreateDate: new Date(version.created),
  };
}
