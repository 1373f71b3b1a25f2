import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { sign } from 'aws4';

export type AwsService = 'ssm' | 'sqs';

export interface AwsCall {
  service: AwsService;
  /** As the service's JSON protocol names it: `AmazonSSM.GetParameter`. */
  target: string;
  /** Of that protocol: `1.0` or `1.1`. */
  jsonVersion: string;
  input: Record<string, unknown>;
  signal: AbortSignal;
}

export interface AwsAnswer {
  status: number;
  /** The document; empty where the body was none. */
  body: Record<string, unknown>;
}

/** One call of a service's JSON protocol, signed as the function's role. Throws when no answer came. */
export async function callAws({ service, target, jsonVersion, input, signal }: AwsCall): Promise<AwsAnswer> {
  const url = new URL(endpointOf(service));
  const signed = sign(
    {
      service,
      region: region(),
      method: 'POST',
      path: url.pathname,
      headers: {
        Host: url.host,
        'Content-Type': `application/x-amz-json-${jsonVersion}`,
        'X-Amz-Target': target,
      },
      body: JSON.stringify(input),
    },
    {
      accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? '',
      ...(process.env.AWS_SESSION_TOKEN ? { sessionToken: process.env.AWS_SESSION_TOKEN } : {}),
    },
  );
  const { status, text } = await post(
    url,
    signed.headers as Record<string, string>,
    String(signed.body),
    signal,
  );
  return { status, body: parse(text) };
}

/** The error code of a refusal, without its namespace; undefined where the answer names none. */
export function errorCodeOf({ body }: AwsAnswer): string | undefined {
  return typeof body.__type === 'string' ? body.__type.split('#').pop() : undefined;
}

/** As the SDKs: the service's own endpoint, else the common one, else AWS. */
export function endpointOf(service: AwsService): string {
  const own = process.env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] || process.env.AWS_ENDPOINT_URL;
  return own ?? `https://${service}.${region()}.amazonaws.com${region().startsWith('cn-') ? '.cn' : ''}/`;
}

function region(): string {
  return process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? '';
}

// Node's own fetch takes a tenth of a second of a cold start to load.
function post(url: URL, headers: Record<string, string>, body: string, signal: AbortSignal) {
  const request = url.protocol === 'http:' ? requestHttp : requestHttps;
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

function parse(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
