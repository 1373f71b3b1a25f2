import type { Properties, ResourceContext, ResourceType } from '../../kernel/resource-type.js';
import { AwsError } from '../../kernel/service.js';

/** `AWS::SSM::Parameter`: String and StringList; CloudFormation cannot make a SecureString (FACTS-AWS §5). */
export const parameterType: ResourceType = {
  properties: [
    'Name',
    'Type',
    'Value',
    'Description',
    'AllowedPattern',
    'DataType',
    'Tier',
    'Tags',
    'Policies',
  ],
  required: ['Type', 'Value'],
  createOnly: ['Name'],

  async create(properties, context) {
    const name = (properties.Name as string | undefined) ?? context.generatedName(255);
    try {
      await context.call('ssm', 'PutParameter', {
        ...request(properties, name),
        Tags: Object.entries(tagsOf(properties, context)).map(([Key, Value]) => ({ Key, Value })),
      });
    } catch (error) {
      if (error instanceof AwsError && error.code === 'ParameterAlreadyExists')
        throw new AwsError(
          'AlreadyExists',
          `Resource of type 'AWS::SSM::Parameter' with identifier '{"/properties/Name":"${name}"}' already exists.`,
        );
      throw error;
    }
    return described(properties, name);
  },

  async update(physicalId, next, _previous, context) {
    await context.call('ssm', 'PutParameter', { ...request(next, physicalId), Overwrite: true });
    const Tags = Object.entries(tagsOf(next, context)).map(([Key, Value]) => ({ Key, Value }));
    await context.call('ssm', 'AddTagsToResource', {
      ResourceType: 'Parameter',
      ResourceId: physicalId,
      Tags,
    });
    return described(next, physicalId);
  },

  async delete(physicalId, _properties, context) {
    try {
      await context.call('ssm', 'DeleteParameter', { Name: physicalId });
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'ParameterNotFound') throw error;
    }
  },

  async read(physicalId, properties, context) {
    try {
      const { Parameter } = await context.call('ssm', 'GetParameter', { Name: physicalId });
      return { ...properties, Value: Parameter.Value, Type: Parameter.Type };
    } catch (error) {
      if (error instanceof AwsError && error.code === 'ParameterNotFound') return undefined;
      throw error;
    }
  },
};

function request(properties: Properties, name: string): object {
  const { Type, Value, Description, AllowedPattern, DataType, Tier } = properties;
  if (Type !== 'String' && Type !== 'StringList')
    throw new AwsError('ValidationException', `#/Type: ${String(Type)} is not a valid enum value`);
  return { Name: name, Type, Value: String(Value), Description, AllowedPattern, DataType, Tier };
}

function described(properties: Properties, name: string) {
  return { physicalId: name, attributes: { Type: String(properties.Type), Value: String(properties.Value) } };
}

function tagsOf(properties: Properties, context: ResourceContext): Record<string, string> {
  return { ...context.tags, ...((properties.Tags ?? {}) as Record<string, string>) };
}
