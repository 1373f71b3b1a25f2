import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describeFailure, logFailure } from './failure.js';

/** What is known of a request before its body is read. */
export interface HttpHead {
  method: string;
  /** Undecoded, without the query. */
  path: string;
  /** Without the `?`. */
  query: string;
  /** Lower-cased names. */
  headers: Record<string, string>;
}

export interface HttpRequest extends HttpHead {
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

/** What answers on one listener. */
export interface HttpFront {
  answer: HttpHandler;
  /** Refuses by the head alone, before anything of the body is read. */
  judge?(head: HttpHead): HttpResponse | undefined;
  /** The most bytes of body that are read, and the answer to more. */
  limit?(head: HttpHead): { bytes: number; refusal: () => HttpResponse };
  /** Words an error inside the cloud in the caller's protocol. */
  failed?(head: HttpHead, message: string): HttpResponse;
}

const PLAIN_LIMIT = 16 * 1024 * 1024;
/** Who goes on sending what was refused is cut off; in real milliseconds. */
const DRAIN_MS = 5000;

/** A JSON answer of the cloud's own, outside any service's protocol. */
export function json(status: number, value: unknown): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(value)}\n` };
}

/** A loopback HTTP server. */
export async function listen(
  front: HttpFront,
  port: number,
): Promise<{ port: number; url: string; close(): Promise<void> }> {
  const server = http.createServer((incoming, outgoing) => {
    void respond(front, incoming, outgoing);
  });
  // A refusal reaches who asks before sending (Expect: 100-continue) before the body does.
  server.on('checkContinue', (incoming, outgoing) => {
    void respond(front, incoming, outgoing);
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

async function respond(front: HttpFront, incoming: http.IncomingMessage, outgoing: http.ServerResponse) {
  const head = headOf(incoming);
  try {
    const refused = front.judge?.(head);
    if (refused) return refuse(incoming, outgoing, refused);
    const { bytes, refusal } = front.limit?.(head) ?? { bytes: PLAIN_LIMIT, refusal: tooLarge };
    if (Number(head.headers['content-length'] ?? 0) > bytes) return refuse(incoming, outgoing, refusal());
    if (head.headers.expect !== undefined) outgoing.writeContinue();
    const body = await readBody(incoming, bytes);
    if (body === undefined) return refuse(incoming, outgoing, refusal());
    const answer = await front.answer({ ...head, body, raw: incoming }, outgoing);
    if (answer === 'hang' || answer === 'handled') return;
    if (answer === 'reset') incoming.socket.resetAndDestroy();
    else write(head, outgoing, answer);
  } catch (error) {
    // Who hung up hears nothing more. (A request that was read to its end counts as destroyed: it does not tell.)
    if (incoming.socket.destroyed) return;
    logFailure(`${head.method} ${head.path}`, error);
    if (outgoing.headersSent) incoming.socket.destroy();
    else write(head, outgoing, (front.failed ?? plainFailure)(head, describeFailure(error)));
  }
}

function write({ method }: HttpHead, outgoing: http.ServerResponse, answer: HttpResponse): void {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  const bodyless = method === 'HEAD' || answer.status === 204 || answer.status === 304;
  // A HEAD answer states the length of what GET would send; its handler gives that itself.
  outgoing.writeHead(answer.status, {
    ...(bodyless ? {} : { 'content-length': String(body.length) }),
    ...answer.headers,
  });
  outgoing.end(bodyless ? undefined : body);
}

/** Answers without the body: what still comes of it is thrown away, and the connection ends. */
function refuse(incoming: http.IncomingMessage, outgoing: http.ServerResponse, refusal: HttpResponse): void {
  const { headers, ...rest } = refusal;
  const unread = !incoming.complete;
  write(headOf(incoming), outgoing, {
    ...rest,
    headers: unread ? { ...headers, connection: 'close' } : headers,
  });
  if (!unread) return;
  incoming.resume();
  const cut = setTimeout(() => incoming.socket.destroy(), DRAIN_MS).unref();
  incoming.once('close', () => clearTimeout(cut));
}

function headOf(incoming: http.IncomingMessage): HttpHead {
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
  };
}

/** Undefined when there is more than `most` bytes of it. */
async function readBody(incoming: http.IncomingMessage, most: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop must not end the connection: the refusal is still to be written.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    length += (chunk as Buffer).length;
    if (length > most) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

const tooLarge = () => json(413, { error: 'The body is too large.' });
const plainFailure = (_head: HttpHead, message: string) => json(500, { error: message });
