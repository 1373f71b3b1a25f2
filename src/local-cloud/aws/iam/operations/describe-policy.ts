import type { IamState, ManagedPolicy } from '../state.js';

/** A managed policy as GetPolicy and its siblings show it. */
export function describePolicy(state: IamState, policy: ManagedPolicy) {
  const identities = [...state.roles.values(), ...state.users.values()];
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: identities.filter(({ attached }) => attached.includes(policy.arn)).length,
    PermissionsBoundaryUsageCount: identities.filter(({ boundary }) => boundary === policy.arn).length,
    IsAttachable: true,
    Description: policy.description,
    CreateDate: new Date(policy.created),
    UpdateDate: new Date(policy.updated),
    Tags: policy.tags.length > 0 ? policy.tags : undefined,
  };
}
