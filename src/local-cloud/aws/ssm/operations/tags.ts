import { AwsError, type Call, type Operation } from '../../../kernel/service.js';
import { invalid } from '../errors.js';
import { type Parameter, type Parameters, parameterArn, type Tag } from '../state.js';

interface TagInput {
  ResourceType: string;
  ResourceId: string;
  Tags: Tag[];
  TagKeys: string[];
}

const TAG_LIMIT = 50;

export function tagOperations(parameters: Parameters): Record<string, Operation<TagInput>> {
  const resource = (input: TagInput, call: Call) =>
    parameterArn(call.region, call.account, String(input.ResourceId));
  const find = (input: TagInput, call: Call): Parameter => {
    if (input.ResourceType !== 'Parameter')
      throw new AwsError(
        'InvalidResourceType',
        `The local cloud tags resources of type Parameter, not ${input.ResourceType}.`,
      );
    const parameter = parameters.find(call.region, input.ResourceId);
    if (!parameter)
      throw new AwsError(
        'InvalidResourceId',
        'The resource ID is not valid. Verify that you entered the correct ID and try again.',
      );
    return parameter;
  };
  return {
    AddTagsToResource: {
      resource,
      handle(input, call) {
        const parameter = find(input, call);
        const added = new Map(
          [...parameter.tags, ...(input.Tags ?? [])].map(({ Key, Value }) => [Key, Value]),
        );
        const tags = validateTags([...added].map(([Key, Value]) => ({ Key, Value })));
        parameters.save({ ...parameter, tags });
        return {};
      },
    },
    RemoveTagsFromResource: {
      resource,
      handle(input, call) {
        const parameter = find(input, call);
        const tags = parameter.tags.filter(({ Key }) => !(input.TagKeys ?? []).includes(Key));
        parameters.save({ ...parameter, tags });
        return {};
      },
    },
    ListTagsForResource: {
      resource,
      handle: (input, call) => ({ TagList: find(input, call).tags }),
    },
  };
}

export function validateTags(tags: Tag[]): Tag[] {
  // AWS's own tags do not count towards the limit.
  if (tags.filter(({ Key }) => !Key.startsWith('aws:')).length > TAG_LIMIT)
    throw new AwsError(
      'TooManyTagsError',
      `The Targets parameter includes too many tags: a resource may have ${TAG_LIMIT}.`,
    );
  const keys = tags.map(({ Key }) => Key);
  if (new Set(keys).size < keys.length) throw invalid('Duplicate tag keys are not allowed.');
  for (const { Key, Value } of tags)
    if (
      !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(Key) ||
      !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(Value)
    )
      throw invalid(
        `The tag ${Key} has a key or value with characters that are not allowed, or that is too long.`,
      );
  return tags;
}
