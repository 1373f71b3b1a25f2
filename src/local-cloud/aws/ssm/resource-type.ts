import type { Properties, ResourceContext, ResourceType } from '../../kernel/resource-type.js';
import { AwsError } from '../../kernel/service.js';
import type { Tag } from './state.js';

interface LiveParameter {
  Name: string;
  Type: string;
  Value: string;
}

/** AWS::SSM::Parameter. `Ref` is the name. CloudFormation cannot make SecureStrings. */
export const parameterType: ResourceType = {
  properties: ['AllowedPattern', 'DataType', 'Description', 'Name', 'Tags', 'Tier', 'Type', 'Value'],
  required: ['Type', 'Value'],
  createOnly: ['DataType', 'Name', 'Type'],

  async create(properties, context) {
    refuseSecureString(properties, context);
    const Name = String(properties.Name ?? context.generatedName(64));
    const Tags = Object.entries(allTags(properties, context)).map(([Key, Value]) => ({ Key, Value }));
    await putNew({ ...settings(properties), Name, Type: properties.Type, Tags }, context);
    return resource(Name, properties);
  },

  async update(Name, next, previous, context) {
    await context.call('ssm', 'PutParameter', { ...settings(next), Name, Overwrite: true });
    const tags = allTags(next, context);
    const target = { ResourceType: 'Parameter', ResourceId: Name };
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await context.call('ssm', 'AddTagsToResource', { ...target, Tags });
    const TagKeys = Object.keys((previous.Tags ?? {}) as object).filter((key) => !(key in tags));
    if (TagKeys.length > 0) await context.call('ssm', 'RemoveTagsFromResource', { ...target, TagKeys });
    return resource(Name, next);
  },

  async delete(Name, _properties, context) {
    await unlessGone(context.call('ssm', 'DeleteParameter', { Name }));
  },

  async read(Name, properties, context) {
    const found: { Parameter: LiveParameter } | undefined = await unlessGone(
      context.call('ssm', 'GetParameter', { Name }),
    );
    if (!found) return undefined;
    const ParameterFilters = [{ Key: 'Name', Option: 'Equals', Values: [Name] }];
    const { Parameters } = await context.call('ssm', 'DescribeParameters', { ParameterFilters });
    const target = { ResourceType: 'Parameter', ResourceId: Name };
    const { TagList }: { TagList: Tag[] } = await context.call('ssm', 'ListTagsForResource', target);
    const stated = Object.keys((properties.Tags ?? {}) as object);
    const tags = TagList.filter(({ Key }) => stated.includes(Key)).map(({ Key, Value }) => [Key, Value]);
    const live: Properties = { ...Parameters[0], ...found.Parameter, Tags: Object.fromEntries(tags) };
    return Object.fromEntries(Object.keys(properties).map((name) => [name, live[name]]));
  },
};

/** CloudFormation words a name that is taken in its own way, with the handler's error code. */
async function putNew(input: Properties, context: ResourceContext): Promise<void> {
  try {
    await context.call('ssm', 'PutParameter', input);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ParameterAlreadyExists') throw error;
    throw new AwsError(
      'AlreadyExists',
      `Resource of type 'AWS::SSM::Parameter' with identifier '{"/properties/Name":"${String(input.Name)}"}' already exists.`,
    );
  }
}

function settings(properties: Properties): Properties {
  const { AllowedPattern, DataType, Description, Tier, Value } = properties;
  return { AllowedPattern, DataType, Description, Tier, Value };
}

function resource(Name: string, properties: Properties) {
  return { physicalId: Name, attributes: { Type: String(properties.Type), Value: String(properties.Value) } };
}

function allTags(properties: Properties, context: ResourceContext): Record<string, string> {
  return { ...context.tags, ...((properties.Tags ?? {}) as Record<string, string>) };
}

function refuseSecureString(properties: Properties, context: ResourceContext): void {
  if (properties.Type === 'String' || properties.Type === 'StringList') return;
  throw new AwsError(
    'ValidationError',
    `Properties validation failed for resource ${context.logicalId} with message: #/Type: ${String(properties.Type)} is not a valid enum value`,
  );
}

async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ParameterNotFound') return undefined;
    throw error;
  }
}
