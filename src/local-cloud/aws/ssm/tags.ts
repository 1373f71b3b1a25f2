import { AwsError, type Call, type Operation } from '../../kernel/service.js';
import { type Parameter, type Parameters, parameterArn } from './parameters.js';

interface Resource {
  ResourceType: string;
  ResourceId: string;
}

const onParameter = ({ ResourceId }: Partial<Resource>, call: Call) =>
  parameterArn(call.region, ResourceId ?? '');

export function tagOperations(parameters: Parameters): Record<string, Operation> {
  return {
    AddTagsToResource: {
      resource: onParameter,
      handle: (input: Resource & { Tags: { Key: string; Value: string }[] }, call) => {
        const parameter = named(parameters, input, call);
        parameters.keep({
          ...parameter,
          tags: {
            ...parameter.tags,
            ...Object.fromEntries(input.Tags.map(({ Key, Value }) => [Key, Value])),
          },
        });
      },
    },
    RemoveTagsFromResource: {
      resource: onParameter,
      handle: (input: Resource & { TagKeys: string[] }, call) => {
        const parameter = named(parameters, input, call);
        parameters.keep({
          ...parameter,
          tags: Object.fromEntries(
            Object.entries(parameter.tags).filter(([key]) => !input.TagKeys.includes(key)),
          ),
        });
      },
    },
    ListTagsForResource: {
      resource: onParameter,
      handle: (input: Resource, call) => ({
        TagList: Object.entries(named(parameters, input, call).tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    },
  };
}

function named(parameters: Parameters, { ResourceType, ResourceId }: Resource, call: Call): Parameter {
  if (ResourceType !== 'Parameter')
    throw new AwsError(
      'InvalidResourceType',
      `The local cloud has no SSM resource of the type ${ResourceType}.`,
    );
  const found = parameters.find(call.region, ResourceId);
  if (!found)
    throw new AwsError(
      'InvalidResourceId',
      'The resource ID is not valid. Verify that you entered the correct ID and try again.',
    );
  return found;
}
