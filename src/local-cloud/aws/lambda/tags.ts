import type { Operation } from '../../kernel/service.js';
import { invalidParameter } from './errors.js';
import type { FunctionRecord } from './function-record.js';
import { qualifierIn } from './function-reference.js';
import type { LambdaState } from './state.js';

function tagged(state: LambdaState, resource: string, region: string): FunctionRecord {
  if (qualifierIn(resource) !== undefined)
    throw invalidParameter(
      'Tags on function aliases and versions are not supported. Please specify a function ARN.',
    );
  return state.find(resource, region);
}

export function listTags(state: LambdaState): Operation<{ Resource: string }> {
  return {
    resource: (input) => String(input.Resource),
    handle: (input, call) => ({ Tags: tagged(state, input.Resource, call.region).tags }),
  };
}

export function tagResource(
  state: LambdaState,
): Operation<{ Resource: string; Tags?: Record<string, string> }> {
  return {
    resource: (input) => String(input.Resource),
    handle: (input, call) => {
      const record = tagged(state, input.Resource, call.region);
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
      const record = tagged(state, input.Resource, call.region);
      const gone = new Set([input.tagKeys ?? []].flat());
      const tags = Object.fromEntries(Object.entries(record.tags).filter(([key]) => !gone.has(key)));
      state.save({ ...record, tags });
    },
  };
}
