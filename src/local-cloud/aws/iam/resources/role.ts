import type {
  CreatedResource,
  Properties,
  ResourceContext,
  ResourceType,
} from '../../../kernel/resource-type.js';
import type { Tag } from '../state.js';
import { allTags, difference, documentText, inOrderOf, names, readDocument, unlessGone } from './shared.js';

interface InlinePolicy {
  PolicyName: string;
  PolicyDocument: unknown;
}

interface LiveRole {
  Arn: string;
  RoleId: string;
  Path: string;
  AssumeRolePolicyDocument: string;
  Description?: string;
  MaxSessionDuration: number;
  PermissionsBoundary?: { PermissionsBoundaryArn: string };
  Tags?: Tag[];
}

/** AWS::IAM::Role. `Ref` is the name; `Arn` and `RoleId` are attributes. */
export const roleType: ResourceType = {
  properties: [
    'AssumeRolePolicyDocument',
    'Description',
    'ManagedPolicyArns',
    'MaxSessionDuration',
    'Path',
    'PermissionsBoundary',
    'Policies',
    'RoleName',
    'Tags',
  ],
  required: ['AssumeRolePolicyDocument'],
  createOnly: ['Path', 'RoleName'],

  async create(properties, context) {
    const RoleName = String(properties.RoleName ?? context.generatedName(64));
    await context.call('iam', 'CreateRole', {
      RoleName,
      Path: properties.Path,
      AssumeRolePolicyDocument: documentText(properties.AssumeRolePolicyDocument),
      Description: properties.Description,
      MaxSessionDuration: properties.MaxSessionDuration,
      PermissionsBoundary: properties.PermissionsBoundary,
      Tags: allTags(properties, context),
    });
    await putPolicies(RoleName, properties, {}, context);
    return resource(RoleName, context);
  },

  async update(RoleName, next, previous, context) {
    const trust = documentText(next.AssumeRolePolicyDocument);
    if (trust !== documentText(previous.AssumeRolePolicyDocument))
      await context.call('iam', 'UpdateAssumeRolePolicy', { RoleName, PolicyDocument: trust });
    await context.call('iam', 'UpdateRole', {
      RoleName,
      Description: next.Description ?? '',
      MaxSessionDuration: next.MaxSessionDuration ?? 3600,
    });
    await updateBoundary(RoleName, next, previous, context);
    await putPolicies(RoleName, next, previous, context);
    await updateTags(RoleName, next, previous, context);
    return resource(RoleName, context);
  },

  async delete(RoleName, properties, context) {
    if (!(await live(RoleName, context))) return;
    // Only what the template states is taken away: policies that others added make the deletion fail, as in AWS.
    const inline: { PolicyNames: string[] } = await context.call('iam', 'ListRolePolicies', { RoleName });
    const stated = new Set(
      ((properties.Policies ?? []) as InlinePolicy[]).map(({ PolicyName }) => PolicyName),
    );
    for (const PolicyName of inline.PolicyNames.filter((name) => stated.has(name)))
      await context.call('iam', 'DeleteRolePolicy', { RoleName, PolicyName });
    for (const PolicyArn of names(properties.ManagedPolicyArns))
      await unlessGone(context.call('iam', 'DetachRolePolicy', { RoleName, PolicyArn }));
    await context.call('iam', 'DeleteRole', { RoleName });
  },

  async read(RoleName, properties, context) {
    const role = await live(RoleName, context);
    if (!role) return undefined;
    const attached: { AttachedPolicies: { PolicyArn: string }[] } = await context.call(
      'iam',
      'ListAttachedRolePolicies',
      { RoleName },
    );
    const arns = attached.AttachedPolicies.map(({ PolicyArn }) => PolicyArn);
    const found: Properties = {
      RoleName,
      Path: role.Path,
      Description: role.Description,
      MaxSessionDuration: role.MaxSessionDuration,
      PermissionsBoundary: role.PermissionsBoundary?.PermissionsBoundaryArn,
      AssumeRolePolicyDocument: readDocument(role.AssumeRolePolicyDocument),
      ManagedPolicyArns: inOrderOf(properties.ManagedPolicyArns, arns),
      Policies: await livePolicies(RoleName, properties, context),
      Tags: statedTags(properties, role.Tags ?? []),
    };
    return Object.fromEntries(Object.keys(properties).map((name) => [name, found[name]]));
  },
};

async function live(RoleName: string, context: ResourceContext): Promise<LiveRole | undefined> {
  const found: { Role: LiveRole } | undefined = await unlessGone(
    context.call('iam', 'GetRole', { RoleName }),
  );
  return found?.Role;
}

async function resource(RoleName: string, context: ResourceContext): Promise<CreatedResource> {
  const role = (await live(RoleName, context)) as LiveRole;
  return { physicalId: RoleName, attributes: { Arn: role.Arn, RoleId: role.RoleId } };
}

async function putPolicies(
  RoleName: string,
  next: Properties,
  previous: Properties,
  context: ResourceContext,
) {
  const managed = difference(names(next.ManagedPolicyArns), names(previous.ManagedPolicyArns));
  for (const PolicyArn of managed.added)
    await context.call('iam', 'AttachRolePolicy', { RoleName, PolicyArn });
  for (const PolicyArn of managed.removed)
    await unlessGone(context.call('iam', 'DetachRolePolicy', { RoleName, PolicyArn }));
  const inline = (next.Policies ?? []) as InlinePolicy[];
  for (const { PolicyName, PolicyDocument } of inline) {
    const document = documentText(PolicyDocument);
    await context.call('iam', 'PutRolePolicy', { RoleName, PolicyName, PolicyDocument: document });
  }
  const kept = new Set(inline.map(({ PolicyName }) => PolicyName));
  for (const { PolicyName } of (previous.Policies ?? []) as InlinePolicy[])
    if (!kept.has(PolicyName))
      await unlessGone(context.call('iam', 'DeleteRolePolicy', { RoleName, PolicyName }));
}

async function updateBoundary(
  RoleName: string,
  next: Properties,
  previous: Properties,
  context: ResourceContext,
) {
  const PermissionsBoundary = next.PermissionsBoundary;
  if (PermissionsBoundary === previous.PermissionsBoundary) return;
  if (PermissionsBoundary === undefined)
    await context.call('iam', 'DeleteRolePermissionsBoundary', { RoleName });
  else await context.call('iam', 'PutRolePermissionsBoundary', { RoleName, PermissionsBoundary });
}

async function updateTags(
  RoleName: string,
  next: Properties,
  previous: Properties,
  context: ResourceContext,
) {
  const Tags = allTags(next, context);
  await context.call('iam', 'TagRole', { RoleName, Tags });
  const kept = new Set(Tags.map(({ Key }) => Key));
  const TagKeys = ((previous.Tags ?? []) as Tag[]).map(({ Key }) => Key).filter((key) => !kept.has(key));
  if (TagKeys.length > 0) await context.call('iam', 'UntagRole', { RoleName, TagKeys });
}

/** The stated inline policies as they are now, in the template's order, then others that appeared beside them. */
async function livePolicies(RoleName: string, properties: Properties, context: ResourceContext) {
  const listed: { PolicyNames: string[] } = await context.call('iam', 'ListRolePolicies', { RoleName });
  const stated = ((properties.Policies ?? []) as InlinePolicy[]).map(({ PolicyName }) => PolicyName);
  const found: InlinePolicy[] = [];
  for (const PolicyName of inOrderOf(stated, listed.PolicyNames)) {
    const { PolicyDocument } = await context.call('iam', 'GetRolePolicy', { RoleName, PolicyName });
    found.push({ PolicyName, PolicyDocument: readDocument(PolicyDocument) });
  }
  return found;
}

function statedTags(properties: Properties, liveTags: Tag[]): Tag[] {
  const stated = ((properties.Tags ?? []) as Tag[]).map(({ Key }) => Key);
  return stated.flatMap((key) => liveTags.filter(({ Key }) => Key === key));
}
