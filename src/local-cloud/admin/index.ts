import type http from 'node:http';
import type { LocalCloud } from '../kernel/cloud.js';
import { type HttpAnswer, type HttpRequest, json } from '../kernel/http.js';

const PREFIX = '/_cachao/';

/** Answers `/_cachao/…`: unsigned, for people and tests on this machine. */
export async function answerAdmin(
  cloud: LocalCloud,
  request: HttpRequest,
  response: http.ServerResponse,
): Promise<HttpAnswer> {
  const refused = refuseWebPages(request);
  if (refused) return refused;
  const path = request.path.slice(PREFIX.length);
  const handler = cloud.adminRoutes.get(path);
  if (!handler) {
    const known = [...cloud.adminRoutes.keys()].sort();
    return json(404, { error: `There is no ${PREFIX}${path}. There are: ${known.join(', ')}.` });
  }
  try {
    const answer = await handler(request, response);
    cloud.store.flush();
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

/** A web page open in this machine's browser reaches loopback too; it must not steer the cloud. */
function refuseWebPages(request: HttpRequest): HttpAnswer | undefined {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(host);
  if (loopback && request.headers.origin === undefined) return undefined;
  return json(403, { error: 'Admin routes answer programs on this machine only, not web pages.' });
}
