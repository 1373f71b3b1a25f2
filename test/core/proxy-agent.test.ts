import { createServer, type Server } from 'node:http';
import { get } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { bypasses, proxyAgent } from '../../src/core/proxy-agent.js';

let proxy: Server | undefined;
const asked: { target: string; authorization: string | undefined }[] = [];

/** A proxy that answers CONNECT with `status`, and gives what comes through the tunnel to `tunnelled`. */
async function startProxy(status: number, tunnelled: (first: Buffer) => void = () => {}): Promise<string> {
  asked.length = 0;
  const server = createServer();
  proxy = server;
  server.on('connect', (request, socket) => {
    asked.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] });
    socket.write(`HTTP/1.1 ${status} answer\r\n\r\n`);
    if (status !== 200) return socket.end();
    socket.once('data', (data: Buffer) => {
      tunnelled(data);
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  proxy?.closeAllConnections();
  proxy?.close();
});

const failure = (url: string, agent: ReturnType<typeof proxyAgent>) =>
  new Promise<Error>((resolve) => get(url, agent ? { agent } : {}).once('error', resolve));

describe('the proxy agent', () => {
  it('is none when no proxy is set', () => {
    expect(proxyAgent({})).toBeUndefined();
    expect(proxyAgent({ HTTP_PROXY: 'http://proxy:3128' })).toBeUndefined();
  });

  it('asks the proxy for a tunnel, with its credentials, and speaks TLS through it', async () => {
    let first: Buffer | undefined;
    const address = await startProxy(200, (data) => {
      first = data;
    });
    const agent = proxyAgent({ HTTPS_PROXY: `http://user:p%40ss@${address}` });
    await failure('https://events.eu-west-1.amazonaws.com/', agent);
    expect(asked).toEqual([
      {
        target: 'events.eu-west-1.amazonaws.com:443',
        authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}`,
      },
    ]);
    // A TLS handshake record: the proxy sees no content.
    expect(first?.[0]).toBe(0x16);
  });

  it('says what the proxy answered when it refuses, without its credentials', async () => {
    const address = await startProxy(407);
    const error = await failure(
      'https://x.amazonaws.com/',
      proxyAgent({ https_proxy: `http://user:hunter2@${address}` }),
    );
    expect(error.message).toBe(`the proxy ${address} did not connect: it answered CONNECT with 407`);
  });

  it('goes directly to what NO_PROXY excepts', async () => {
    const address = await startProxy(200);
    const direct = createTcpServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => direct.listen(0, '127.0.0.1', resolve));
    const { port } = direct.address() as AddressInfo;
    await failure(`https://127.0.0.1:${port}/`, proxyAgent({ HTTPS_PROXY: address, NO_PROXY: '127.0.0.1' }));
    expect(asked).toEqual([]);
    direct.close();
  });
});

it.each([
  ['*', 'any.host', true],
  ['example.com', 'example.com', true],
  ['example.com', 'api.example.com', true],
  ['.example.com', 'api.example.com', true],
  ['*.example.com', 'api.example.com', true],
  ['example.com', 'badexample.com', false],
  ['localhost, 127.0.0.1:8080', '127.0.0.1', true],
  ['', 'example.com', false],
])('NO_PROXY "%s" excepts %s: %s', (exceptions, host, expected) => {
  expect(bypasses(exceptions, host)).toBe(expected);
});
