import { type Endpoint, endpoint } from '../endpoint.js';
import { badRequest } from '../errors.js';
import type { ApiGatewayState } from '../state.js';

interface TagsInput {
  resourceArn: string;
}

/** Tags of REST APIs (`arn:aws:apigateway:<region>::/restapis/<id>`) and of their stages (`…/stages/<name>`). */
export function tagEndpoints(state: ApiGatewayState): Endpoint[] {
  return [
    endpoint('GET', '/tags/{resourceArn}', 'GetTags', ({ resourceArn }: TagsInput, call) => ({
      tags: holder(state, resourceArn, call.region).tags,
    })),
    endpoint(
      'PUT',
      '/tags/{resourceArn}',
      'TagResource',
      ({ resourceArn, tags }: TagsInput & { tags?: Record<string, string> }, call) => {
        const found = holder(state, resourceArn, call.region);
        found.save({ ...found.tags, ...tags });
      },
      { status: 204 },
    ),
    endpoint(
      'DELETE',
      '/tags/{resourceArn}',
      'UntagResource',
      ({ resourceArn, tagKeys }: TagsInput & { tagKeys?: string | string[] }, call) => {
        const found = holder(state, resourceArn, call.region);
        const gone = new Set([tagKeys ?? []].flat());
        found.save(Object.fromEntries(Object.entries(found.tags).filter(([key]) => !gone.has(key))));
      },
      { status: 204 },
    ),
  ];
}

interface Holder {
  tags: Record<string, string>;
  save(tags: Record<string, string>): void;
}

function holder(state: ApiGatewayState, arn: string, region: string): Holder {
  const parsed = /^arn:aws:apigateway:([a-z0-9-]+)::\/restapis\/([a-z0-9]+)(?:\/stages\/([\w-]+))?$/.exec(
    arn,
  );
  if (!parsed || parsed[1] !== region) throw badRequest(`Invalid ARN specified in the request: ${arn}`);
  const api = state.api(parsed[2] as string, region);
  if (parsed[3] === undefined)
    return { tags: api.tags, save: (tags) => void state.apis.set(api.id, { ...api, tags }) };
  const stage = state.stage(api.id, parsed[3]);
  return { tags: stage.tags, save: (tags) => void state.saveStage({ ...stage, tags }) };
}
