import { timingSafeEqual } from 'node:crypto';
import type http from 'node:http';
import type { LocalCloud } from '../kernel/cloud.js';
import { type HttpAnswer, type HttpHead, type HttpRequest, type HttpResponse, json } from '../kernel/http.js';

export const PREFIX = '/_cachao/';
/** The header that carries what only the owner of the state can have read. */
export const TOKEN_HEADER = 'x-cachao-token';

/** Refuses who does not know the cloud's token: any user of this machine reaches the port. */
export function judgeAdmin(cloud: LocalCloud, { headers }: HttpHead): HttpResponse | undefined {
  const given = Buffer.from(headers[TOKEN_HEADER] ?? '');
  const token = Buffer.from(cloud.adminToken);
  if (given.length === token.length && timingSafeEqual(given, token)) return undefined;
  return json(403, { error: `Send the token of cloud.json in the state directory as ${TOKEN_HEADER}.` });
}

/** Answers `/_cachao/…`: unsigned, for people and tests that know the token. */
export async function answerAdmin(
  cloud: LocalCloud,
  request: HttpRequest,
  response: http.ServerResponse,
): Promise<HttpAnswer> {
  const path = request.path.slice(PREFIX.length);
  const handlers = cloud.adminRoutes.get(path);
  if (!handlers) {
    const known = [...cloud.adminRoutes.keys()].sort();
    return json(404, { error: `There is no ${PREFIX}${path}. There are: ${known.join(', ')}.` });
  }
  const handler = Object.hasOwn(handlers, request.method)
    ? handlers[request.method as keyof typeof handlers]
    : undefined;
  if (!handler)
    return json(405, { error: `${request.method} is not ${Object.keys(handlers).join(' or ')}.` });
  try {
    const answer = await handler(request, response);
    cloud.store.persist();
    return answer;
  } catch (error) {
    if (error instanceof AdminError) return json(error.status, { error: error.message });
    throw error;
  }
}

/** What the caller of an admin route got wrong. */
export class AdminError extends Error {
  constructor(
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}
