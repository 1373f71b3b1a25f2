import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpRequest {
  method: string;
  /** Undecoded, without the query. */
  path: string;
  /** Without the `?`. */
  query: string;
  headers: Record<string, string>;
  body: Buffer;
  raw: http.IncomingMessage;
}

export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array | string;
}

/** `'reset'` cuts the connection, `'hang'` never answers, `'handled'`: the handler wrote the response itself. */
export type HttpAnswer = HttpResponse | 'reset' | 'hang' | 'handled';

export type HttpHandler = (request: HttpRequest, response: http.ServerResponse) => Promise<HttpAnswer>;

/** A JSON answer of the cloud's own, outside any service's protocol. */
export function json(status: number, value: unknown): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(value)}\n` };
}

/** A loopback HTTP server. */
export async function listen(
  handler: HttpHandler,
  port: number,
): Promise<{ port: number; url: string; close(): Promise<void> }> {
  const server = http.createServer((incoming, outgoing) => {
    void respond(handler, incoming, outgoing);
  });
  // SDK agents reuse connections for longer than Node's 5 s default and would meet a reset.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    port: bound,
    url: `http://127.0.0.1:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(handler: HttpHandler, incoming: http.IncomingMessage, outgoing: http.ServerResponse) {
  try {
    const request = await read(incoming);
    const answer = await handler(request, outgoing);
    if (answer === 'hang' || answer === 'handled') return;
    if (answer === 'reset') {
      incoming.socket.resetAndDestroy();
      return;
    }
    const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
    const bodyless = request.method === 'HEAD' || answer.status === 204;
    // A HEAD answer states the length of what GET would send; its handler gives that itself.
    outgoing.writeHead(answer.status, {
      ...(bodyless ? {} : { 'content-length': String(body.length) }),
      ...answer.headers,
    });
    outgoing.end(bodyless ? undefined : body);
  } catch (error) {
    if (incoming.destroyed) return;
    outgoing.writeHead(500, { 'content-type': 'text/plain' });
    outgoing.end(`The local cloud failed: ${(error as Error).stack}`);
  }
}

async function read(incoming: http.IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const target = incoming.url ?? '/';
  const mark = target.indexOf('?');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  return {
    method: incoming.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers,
    body: Buffer.concat(chunks),
    raw: incoming,
  };
}
