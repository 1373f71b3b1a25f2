import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { buildBundles } from './support/bundles.js';

it('every function becomes one small zip, whose bytes depend on its code alone', async () => {
  const [first, second] = [await buildBundles(), await buildBundles()];
  expect(Object.keys(first.manifest).sort()).toEqual([
    'drain',
    'operations',
    'stripe-event',
    'stripe-webhook',
  ]);
  expect(second.manifest).toEqual(first.manifest);
  for (const { file, sha256, bytes } of Object.values(first.manifest)) {
    const zip = await readFile(path.join(first.directory, file));
    expect(createHash('sha256').update(zip).digest('hex')).toBe(sha256);
    expect(zip.length).toBe(bytes);
    expect(bytes).toBeLessThan(500_000);
    const entries = unzipSync(zip);
    expect(Object.keys(entries)).toEqual(['LICENSES.txt', 'index.mjs']);
    const code = Buffer.from(entries['index.mjs'] as Uint8Array).toString();
    expect(code).not.toMatch(/api\.stripe\.com|\.wasm|@aws-sdk/);
    expect(Buffer.from(entries['LICENSES.txt'] as Uint8Array).toString()).toMatch(/^mysql2 .*\(MIT\)/m);
  }
  await first.remove();
  await second.remove();
});
