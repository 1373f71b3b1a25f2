import { answerAdmin, judgeAdmin, PREFIX } from './admin/index.js';
import { CODE_PATH, codeOf } from './aws/lambda/read-functions.js';
import { answerAws, judgeAws, limitOfAws, refuseAws } from './kernel/aws-listener.js';
import type { LocalCloud } from './kernel/cloud.js';
import { type HttpAnswer, type HttpFront, type HttpHead, type HttpRequest, json } from './kernel/http.js';
import { AwsError } from './kernel/service.js';
import { describeWebPage } from './kernel/web-page.js';

const EXECUTE_API = /^\/_aws\/execute-api\/([^/]+)(\/.*)$/;
const ADMIN_LIMIT = 1024 * 1024;
/** API Gateway's own, and one byte, which it then refuses by itself. */
const API_LIMIT = 10 * 1024 * 1024 + 1;

const isAdmin = ({ path }: HttpHead) => path.startsWith(PREFIX);
const isCode = ({ method, path }: HttpHead) => method === 'GET' && path.startsWith(CODE_PATH);
const isApi = ({ path }: HttpHead) => EXECUTE_API.test(path);

/** What answers on the AWS listener: the admin routes, deployed REST APIs, and the signed AWS protocols. */
export function awsFront(cloud: LocalCloud): HttpFront {
  const refusal = (head: HttpHead, error: AwsError) => {
    if (isAdmin(head)) return json(error.status, { error: error.message });
    if (isApi(head)) return json(error.status, { message: error.message });
    return refuseAws(cloud, head, error);
  };
  return {
    judge(head) {
      const page = describeWebPage(head);
      if (page !== undefined) return refusal(head, new AwsError('AccessDeniedException', page, 403));
      if (isAdmin(head)) return judgeAdmin(cloud, head);
      return isApi(head) || isCode(head) ? undefined : judgeAws(cloud, head);
    },
    limit(head) {
      const tooLarge = (message: string) => () => refusal(head, new AwsError('', message, 413));
      if (isAdmin(head)) return { bytes: ADMIN_LIMIT, refusal: tooLarge('The body is too large.') };
      if (isApi(head)) return { bytes: API_LIMIT, refusal: tooLarge('Request Too Long') };
      return limitOfAws(cloud, head);
    },
    async answer(request, response) {
      if (isAdmin(request)) return answerAdmin(cloud, request, response);
      if (isCode(request)) return functionCode(cloud, request);
      const api = EXECUTE_API.exec(request.path);
      if (api) return executeApi(cloud, request, api[1] as string, api[2] as string);
      return answerAws(cloud, request);
    },
    failed: (head, message) => refusal(head, new AwsError('InternalFailure', message, 500)),
  };
}

/** As the presigned URL of AWS's bucket serves it: whoever has the URL may read. */
function functionCode(cloud: LocalCloud, { path }: HttpRequest): HttpAnswer {
  const zip = codeOf(cloud, path.slice(CODE_PATH.length));
  return zip
    ? { status: 200, headers: { 'content-type': 'application/zip' }, body: zip }
    : json(404, { message: 'No function has this code.' });
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
  cloud.store.persist();
  return answer;
}
