import { type Call, RawResponse } from '../../../kernel/service.js';
import { validationError } from '../errors.js';
import { flag, type QueryInput, text } from '../input.js';
import type { Configuration } from '../state/records.js';
import type { State } from '../state/state.js';

const BODY_LIMIT_BYTES = 51_200;
const URL_LIMIT_BYTES = 1024 * 1024;

/** The template text that a call names: TemplateBody, TemplateURL (read from S3 as the caller) or the stack's own. */
export async function submittedTemplate(
  state: State,
  input: QueryInput,
  call: Call,
  previous: Configuration | undefined,
): Promise<string> {
  const body = text(input, 'TemplateBody');
  const url = text(input, 'TemplateURL');
  if (flag(input, 'UsePreviousTemplate')) {
    if (body !== undefined || url !== undefined)
      throw validationError('You cannot specify both usePreviousTemplate and Template Body/Template URL.');
    if (!previous) throw validationError('UsePreviousTemplate needs a stack that has a template.');
    return state.templateText(previous);
  }
  if (body !== undefined && url !== undefined)
    throw validationError('You cannot specify both Template Body and Template URL');
  if (body !== undefined) {
    if (Buffer.byteLength(body) > BODY_LIMIT_BYTES)
      throw validationError(
        "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200",
      );
    return body;
  }
  if (url === undefined) throw validationError('Either Template URL or Template Body must be specified.');
  return await fetchTemplate(url, call);
}

async function fetchTemplate(url: string, call: Call): Promise<string> {
  const { bucket, key } = s3Object(url, call);
  let output: unknown;
  try {
    output = await call.cloud.call(
      's3',
      'GetObject',
      { Bucket: bucket, Key: key },
      { principal: call.principal, region: call.region },
    );
  } catch (error) {
    throw validationError(
      `S3 error: ${(error as Error).message}\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html`,
    );
  }
  const bytes = Buffer.from(
    output instanceof RawResponse ? output.body : ((output as { Body?: Uint8Array }).Body ?? ''),
  );
  if (bytes.length > URL_LIMIT_BYTES)
    throw validationError(`Template may not exceed ${URL_LIMIT_BYTES} bytes in size.`);
  return bytes.toString('utf8');
}

/** Both S3 URL styles, on amazonaws.com or on the local cloud's own listener. */
function s3Object(url: string, call: Call): { bucket: string; key: string } {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw validationError('TemplateURL must be a supported URL.');
  }
  const path = decodeURIComponent(parsed.pathname).slice(1);
  const virtual = /^(.+)\.s3[.-][a-z0-9.-]*amazonaws\.com$/.exec(parsed.hostname);
  if (virtual) return { bucket: virtual[1] as string, key: path };
  const local = call.cloud.addresses.aws !== '' && url.startsWith(call.cloud.addresses.aws);
  if (!local && !/^s3[.-][a-z0-9.-]*amazonaws\.com$/.test(parsed.hostname))
    throw validationError('TemplateURL must be a supported URL.');
  const slash = path.indexOf('/');
  if (slash < 1)
    throw validationError('TemplateURL must reference a valid S3 object to which you have access.');
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}
