import { answerAdmin } from './admin/index.js';
import { answerAws } from './kernel/aws-listener.js';
import type { LocalCloud } from './kernel/cloud.js';
import type { HttpAnswer, HttpHandler, HttpRequest } from './kernel/http.js';

const EXECUTE_API = /^\/_aws\/execute-api\/([^/]+)(\/.*)$/;

/** What answers on the AWS listener: the admin routes, deployed REST APIs, and the signed AWS protocols. */
export function awsFront(cloud: LocalCloud): HttpHandler {
  return async (request, response) => {
    if (request.path.startsWith('/_cachao/')) return answerAdmin(cloud, request, response);
    const api = EXECUTE_API.exec(request.path);
    if (api) return executeApi(cloud, request, api[1] as string, api[2] as string);
    return answerAws(cloud, request);
  };
}

async function executeApi(
  cloud: LocalCloud,
  request: HttpRequest,
  apiId: string,
  path: string,
): Promise<HttpAnswer> {
  const { method, query, headers, body } = request;
  // The host names the region in AWS; on loopback the API's id is enough, and the front knows its region.
  const answer = await cloud
    .port('httpFront')
    .handle({ apiId, region: '', method, path, query, headers, body, sourceIp: '127.0.0.1' });
  cloud.store.flush();
  return answer;
}
