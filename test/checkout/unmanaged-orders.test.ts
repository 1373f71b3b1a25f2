import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { openTheirOrders as OpenTheirOrders } from '../../src/checkout/unmanaged-orders.js';
import { Secret } from '../../src/core/secret.js';
import type { World } from '../../src/world/world.js';
import { embedded, open, type TestDatabase } from '../handlers/support/databases.js';
import { prepare } from '../handlers/support/shop.js';
import { removeDirectory } from '../support/directories.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let server: TestDatabase;
let directory: string;
let openTheirOrders: typeof OpenTheirOrders;

beforeAll(async () => {
  server = await embedded();
  const database = open(server);
  await prepare(database);
  await database.close();
  directory = await mkdtemp(path.join(tmpdir(), 'cachao-built-'));
  // The build is plain JavaScript, outside of what TypeScript looks at.
  const { bundle } = (await import(pathToFileURL(path.join(ROOT, 'bin/lib/build-cli.mjs')).href)) as {
    bundle(root: string, entryPoints: Record<string, string>, outdir: string): Promise<void>;
  };
  await bundle(ROOT, { 'unmanaged-orders': 'src/checkout/unmanaged-orders.ts' }, directory);
  ({ openTheirOrders } = (await import(pathToFileURL(path.join(directory, 'unmanaged-orders.js')).href)) as {
    openTheirOrders: typeof OpenTheirOrders;
  });
});
afterAll(async () => {
  await server.close();
  await removeDirectory(directory);
});

it("opens the shop's orders as the built product does", async () => {
  const url = new URL(server.url);
  const databasePassword = new Secret(decodeURIComponent(url.password));
  url.password = '';
  const world = { settings: { database: url.href, databaseCa: null }, databasePassword } as unknown as World;
  const orders = await openTheirOrders(world);
  const orderId = await orders?.create('built', 1250, 'eur');
  expect(await orders?.status(orderId ?? '')).toBe('pending');
  expect(await orders?.remove()).toBe(true);
  expect(await orders?.status(orderId ?? '')).toBeUndefined();
  await orders?.close();
});
