import { afterAll, beforeAll, expect, it } from 'vitest';
import { Database } from '../../../handlers/shared/database/database.js';
import { addressAt, placeAt } from '../support/databases.js';
import { startFaultProxy } from '../support/fault-proxy.js';
import { AUTHORITY, startTlsFront } from '../support/tls-front.js';
import { onBoth } from './on-both.js';

await onBoth('TLS and sign-in', ({ server }) => {
  const plain = addressAt(server.url);
  let front: Awaited<ReturnType<typeof startTlsFront>>;
  beforeAll(async () => {
    front = await startTlsFront(plain);
  });
  afterAll(() => front.close());

  const select = async (options: string, authorities = '') => {
    const url = new URL(server.url);
    url.hostname = 'localhost';
    url.port = String(front.port);
    url.search = options;
    const address = addressAt(`${url.href}\n${authorities}`, true);
    const database = new Database(placeAt(address));
    try {
      return await database.transaction((transaction) => transaction.rows('SELECT 1 AS one'));
    } finally {
      await database.close();
    }
  };

  it('is verified against an authority and a name of their own', async () => {
    expect(await select('servername=db.internal', AUTHORITY)).toEqual([{ one: '1' }]);
  });

  it.each([
    ['an authority that is not known', 'servername=db.internal', '', /HANDSHAKE_SSL_ERROR: .*certificate/],
    ["a certificate for another name than the host's", '', AUTHORITY, /HANDSHAKE_SSL_ERROR: .*altnames/],
  ])("is refused for %s, with the driver's own reason", async (_title, options, authorities, reason) => {
    await expect(select(options, authorities)).rejects.toMatchObject({
      name: 'DATABASE_UNAVAILABLE',
      message: expect.stringMatching(reason),
    });
  });

  it('names the plugin by which the server wants the user to sign in, where the driver does not know it', async () => {
    const proxy = await startFaultProxy(plain);
    proxy.plan({ kind: 'sign-in-by', plugin: 'client_ed25519' });
    const database = new Database(placeAt({ ...plain, host: '127.0.0.1', port: proxy.port }));
    await expect(
      database.transaction((transaction) => transaction.rows('SELECT 1 AS one')),
    ).rejects.toMatchObject({
      name: 'DATABASE_UNAVAILABLE',
      message: expect.stringMatching(/AUTH_SWITCH_PLUGIN_ERROR: .*client_ed25519/),
    });
    expect(proxy.connections()).toBe(1);
    await database.close();
    await proxy.close();
  });
});
