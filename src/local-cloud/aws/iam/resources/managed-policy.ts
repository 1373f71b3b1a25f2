import type { Properties, ResourceContext, ResourceType } from '../../../kernel/resource-type.js';
import { difference, documentText, inOrderOf, names, readDocument, unlessGone } from './shared.js';

interface LivePolicy {
  Policy: {
    Arn: string;
    PolicyId: string;
    PolicyName: string;
    Path: string;
    Description?: string;
    DefaultVersionId: string;
  };
}

const VERSIONS_KEPT = 5;

/** AWS::IAM::ManagedPolicy. `Ref` is the ARN. Attaches itself to the roles and users it names (no groups). */
export const managedPolicyType: ResourceType = {
  properties: ['Description', 'ManagedPolicyName', 'Path', 'PolicyDocument', 'Roles', 'Users'],
  required: ['PolicyDocument'],
  createOnly: ['Description', 'ManagedPolicyName', 'Path'],

  async create(properties, context) {
    const { Policy }: LivePolicy = await context.call('iam', 'CreatePolicy', {
      PolicyName: String(properties.ManagedPolicyName ?? context.generatedName(128)),
      Path: properties.Path,
      Description: properties.Description,
      PolicyDocument: documentText(properties.PolicyDocument),
    });
    await attach(Policy.Arn, properties, {}, context);
    return created(Policy);
  },

  async update(PolicyArn, next, previous, context) {
    const document = documentText(next.PolicyDocument);
    if (document !== documentText(previous.PolicyDocument)) await newVersion(PolicyArn, document, context);
    await attach(PolicyArn, next, previous, context);
    const { Policy }: LivePolicy = await context.call('iam', 'GetPolicy', { PolicyArn });
    return created(Policy);
  },

  async delete(PolicyArn, properties, context) {
    if (!(await unlessGone(context.call('iam', 'GetPolicy', { PolicyArn })))) return;
    await attach(PolicyArn, {}, properties, context);
    await deleteOldVersions(PolicyArn, 1, context);
    await context.call('iam', 'DeletePolicy', { PolicyArn });
  },

  async read(PolicyArn, properties, context) {
    const live: LivePolicy | undefined = await unlessGone(context.call('iam', 'GetPolicy', { PolicyArn }));
    if (!live) return undefined;
    const VersionId = live.Policy.DefaultVersionId;
    const { PolicyVersion } = await context.call('iam', 'GetPolicyVersion', { PolicyArn, VersionId });
    const found: Properties = {
      Description: live.Policy.Description,
      ManagedPolicyName: live.Policy.PolicyName,
      Path: live.Policy.Path,
      PolicyDocument: readDocument(PolicyVersion.Document),
      Roles: await attachedTo('Role', PolicyArn, properties, context),
      Users: await attachedTo('User', PolicyArn, properties, context),
    };
    return Object.fromEntries(Object.keys(properties).map((name) => [name, found[name]]));
  },
};

function created(policy: LivePolicy['Policy']) {
  return { physicalId: policy.Arn, attributes: { PolicyArn: policy.Arn, PolicyId: policy.PolicyId } };
}

async function attach(PolicyArn: string, next: Properties, previous: Properties, context: ResourceContext) {
  for (const kind of ['Role', 'User'] as const) {
    const { added, removed } = difference(names(next[`${kind}s`]), names(previous[`${kind}s`]));
    for (const name of added)
      await context.call('iam', `Attach${kind}Policy`, { [`${kind}Name`]: name, PolicyArn });
    for (const name of removed)
      await unlessGone(context.call('iam', `Detach${kind}Policy`, { [`${kind}Name`]: name, PolicyArn }));
  }
}

async function newVersion(
  PolicyArn: string,
  PolicyDocument: string,
  context: ResourceContext,
): Promise<void> {
  await deleteOldVersions(PolicyArn, VERSIONS_KEPT - 1, context);
  await context.call('iam', 'CreatePolicyVersion', { PolicyArn, PolicyDocument, SetAsDefault: true });
}

/** Deletes the oldest versions that are not the default until so many are left. */
async function deleteOldVersions(PolicyArn: string, left: number, context: ResourceContext): Promise<void> {
  const { Versions }: { Versions: { VersionId: string; IsDefaultVersion: boolean }[] } = await context.call(
    'iam',
    'ListPolicyVersions',
    { PolicyArn },
  );
  const oldestFirst = Versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion).reverse();
  for (const { VersionId } of oldestFirst.slice(0, Math.max(0, Versions.length - left)))
    await context.call('iam', 'DeletePolicyVersion', { PolicyArn, VersionId });
}

async function attachedTo(
  kind: 'Role' | 'User',
  arn: string,
  properties: Properties,
  context: ResourceContext,
) {
  const stated = names(properties[`${kind}s`]);
  const live: string[] = [];
  for (const name of stated) {
    const found: { AttachedPolicies: { PolicyArn: string }[] } | undefined = await unlessGone(
      context.call('iam', `ListAttached${kind}Policies`, { [`${kind}Name`]: name }),
    );
    if (found?.AttachedPolicies.some(({ PolicyArn }) => PolicyArn === arn)) live.push(name);
  }
  return inOrderOf(stated, live);
}
