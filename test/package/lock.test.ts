import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Entry {
  version?: string;
  integrity?: string;
  resolved?: string;
  license?: string;
  dev?: boolean;
}

const read = (file: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');
const packages: [string, Entry][] = Object.entries<Entry>(
  JSON.parse(read('package-lock.json')).packages,
).filter(([name]) => name !== '');
const PERMISSIVE = /^\(?(?:MIT|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0|Python-2\.0|CC0-1\.0)\b/;

describe('the lock file', () => {
  it('has the integrity of every package, those of other platforms included', () => {
    expect(
      packages.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? '')).map(([name]) => name),
    ).toEqual([]);
  });

  it('names no download address', () => {
    expect(packages.filter(([, { resolved }]) => resolved !== undefined).map(([name]) => name)).toEqual([]);
  });

  it('installs only packages with a permissive licence beside the product', () => {
    const shipped = packages.filter(([, { dev }]) => dev !== true);
    expect(
      shipped.filter(([, { license }]) => !PERMISSIVE.test(license ?? '')).map(([name]) => name),
    ).toEqual([]);
  });

  it('depends at run time on what cannot be bundled, and on nothing else', () => {
    expect(Object.keys(JSON.parse(read('package.json')).dependencies)).toEqual([
      '@oclif/core',
      'node-sqlite3-wasm',
    ]);
  });
});
