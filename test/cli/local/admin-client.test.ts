import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pass } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followHappenings } from '../../../src/cli/local/admin-client.js';

const HAPPENING = { time: 1, source: 'sqs', text: 'a message waits' };
/** Where Node's fetch finds its dispatcher. */
const DISPATCHER = Symbol.for('undici.globalDispatcher.1');
const BODY_TIMEOUT_MS = 200;

/** A server in a local cloud's place. */
async function serve(
  answer: (response: http.ServerResponse) => void,
): Promise<{ url: string; close(): void }> {
  const server = http.createServer((_, response) => {
    response.writeHead(200).flushHeaders();
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('what flows through a local cloud', () => {
  const globals = globalThis as unknown as Record<symbol, { constructor: new (options: object) => object }>;
  let usual: (typeof globals)[symbol];
  beforeEach(async () => {
    // Node makes the dispatcher when it is first needed.
    await fetch('data:,');
    usual = globals[DISPATCHER] as typeof usual;
    Object.assign(globals, { [DISPATCHER]: new usual.constructor({ bodyTimeout: BODY_TIMEOUT_MS }) });
  });
  afterEach(() => {
    Object.assign(globals, { [DISPATCHER]: usual });
  });

  it('is followed through a silence that is longer than fetch waits for a body', async () => {
    const server = await serve(async (response) => {
      await pass(10 * BODY_TIMEOUT_MS);
      response.write(`${JSON.stringify(HAPPENING)}\n`);
    });
    const interruption = new AbortController();
    const told: unknown[] = [];
    await followHappenings({ aws: server.url, token: 'known' }, interruption.signal, (happening) => {
      told.push(happening);
      interruption.abort();
    });
    server.close();
    expect(told).toEqual([HAPPENING]);
  });

  it('ends with the reason when the cloud closes the connection, or breaks it', async () => {
    const follow = async (end: (response: http.ServerResponse) => void) => {
      const server = await serve(end);
      const followed = followHappenings(
        { aws: server.url, token: 'known' },
        new AbortController().signal,
        () => undefined,
      );
      const error = await followed.catch((thrown) => thrown);
      server.close();
      return error;
    };
    expect(await follow((response) => response.end())).toMatchObject({
      code: 'LOCAL_CLOUD_ENDED',
      why: expect.stringContaining('closed the connection'),
    });
    expect(await follow((response) => response.destroy())).toMatchObject({
      code: 'LOCAL_CLOUD_ENDED',
      why: expect.stringContaining('broke'),
    });
  });
});
