import type { Operation } from '../../kernel/service.js';
import { invalidParameter } from './errors.js';
import type { LambdaState } from './state.js';

export function listTags(state: LambdaState): Operation<{ Resource: string }> {
  return {
    resource: (input) => String(input.Resource),
    handle: (input, call) => ({ Tags: state.find(input.Resource, call.region).tags }),
  };
}

export function tagResource(
  state: LambdaState,
): Operation<{ Resource: string; Tags?: Record<string, string> }> {
  return {
    resource: (input) => String(input.Resource),
    handle: (input, call) => {
      const record = state.find(input.Resource, call.region);
      const tags = { ...record.tags, ...input.Tags };
      if (Object.keys(tags).length > 50)
        throw invalidParameter('The number of tags exceeds the limit of 50 tags per resource.');
      state.save({ ...record, tags });
    },
  };
}

export function untagResource(
  state: LambdaState,
): Operation<{ Resource: string; tagKeys?: string | string[] }> {
  return {
    resource: (input) => String(input.Resource),
    handle: (input, call) => {
      const record = state.find(input.Resource, call.region);
      const gone = new Set([input.tagKeys ?? []].flat());
      const tags = Object.fromEntries(Object.entries(record.tags).filter(([key]) => !gone.has(key)));
      state.save({ ...record, tags });
    },
  };
}
