import type { LocalCloud } from '../../kernel/cloud.js';

/** Stripe gives an endpoint this long to answer; real time, since the endpoint works in real time. */
const TIMEOUT_MS = 10_000;
const EXECUTE_API = /^([a-z0-9]+)\.execute-api\.([a-z0-9-]+)\.amazonaws\.com$/;

/** The status the endpoint answered, or why it could not be reached. */
export type Answered = { status: number } | { failure: string };

/** POSTs to a webhook URL: in process when it names a REST API of the local cloud, else over HTTP. */
export async function post(
  cloud: LocalCloud,
  url: string,
  headers: Record<string, string>,
  body: string,
): Promise<Answered> {
  try {
    const target = new URL(url);
    const api = EXECUTE_API.exec(target.hostname);
    if (api) return await throughHttpFront(cloud, target, api[1] as string, api[2] as string, headers, body);
    // Redirects are not followed: to Stripe a 3xx is a failed delivery.
    const response = await fetch(target, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    return { status: response.status };
  } catch (error) {
    return { failure: reason(error as Error) };
  }
}

async function throughHttpFront(
  cloud: LocalCloud,
  target: URL,
  apiId: string,
  region: string,
  headers: Record<string, string>,
  body: string,
): Promise<Answered> {
  const { status } = await cloud.port('httpFront').handle({
    apiId,
    region,
    method: 'POST',
    path: target.pathname,
    query: target.search.slice(1),
    headers: { host: target.host, ...headers },
    body: Buffer.from(body),
    sourceIp: '127.0.0.1',
  });
  return { status };
}

function reason(error: Error): string {
  const cause = error.cause as { code?: string; message?: string } | undefined;
  return cause?.code ?? cause?.message ?? error.message;
}
