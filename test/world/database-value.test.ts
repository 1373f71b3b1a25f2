import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readAddress } from '../../handlers/contract/database-address.js';
import { databaseWillChange } from '../../src/checks/secret/database.js';
import { Secret } from '../../src/core/secret.js';
import { wantedDatabaseValue } from '../../src/world/database-value.js';
import type { World } from '../../src/world/world.js';
import { removeDirectory } from '../support/directories.js';

const AUTHORITY = fileURLToPath(new URL('../fixtures/tls/authority.pem', import.meta.url));
const KEY = fileURLToPath(new URL('../fixtures/tls/server-key.pem', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'cachao-ca-'));
afterAll(() => removeDirectory(directory));

interface Given {
  database?: string;
  databaseCa?: string | null;
  password?: string;
  stored?: string;
}

function worldOf({
  database = 'mysql://app@db.example.com/shop',
  databaseCa = null,
  password,
  stored,
}: Given): World {
  return {
    settings: { stage: 'dev', database, databaseCa },
    databasePassword: password === undefined ? undefined : new Secret(password),
    once: (_name: string, look: () => unknown) => look(),
    ssm: { secret: async () => (stored === undefined ? undefined : { value: new Secret(stored) }) },
  } as unknown as World;
}

describe('the value of the database parameter', () => {
  it('is the URL with its password, and the certificates of the authority that was given', async () => {
    const value = await wantedDatabaseValue(worldOf({ password: 'p/w-long-enough', databaseCa: AUTHORITY }));
    expect(readAddress(value ?? '', true)).toMatchObject({
      password: 'p/w-long-enough',
      authorities: readFileSync(AUTHORITY, 'utf8').trim(),
    });
  });

  it('takes password and certificates from what is stored for the same server, so that ?tls= alone can be corrected', async () => {
    const authority = readFileSync(AUTHORITY, 'utf8').trim();
    const stored = `mysql://app:stored-password@db.example.com/shop?tls=verify\n${authority}`;
    const corrected = worldOf({ database: 'mysql://app@db.example.com/shop?servername=db.internal', stored });
    expect(readAddress((await wantedDatabaseValue(corrected)) ?? '', true)).toMatchObject({
      password: 'stored-password',
      serverName: 'db.internal',
      authorities: authority,
    });
    expect(await databaseWillChange(corrected)).toBe(true);
    const elsewhere = worldOf({ database: 'mysql://app@other.example.com/shop', stored });
    expect(await wantedDatabaseValue(elsewhere)).toBeUndefined();
  });

  it('is the same however it is written', async () => {
    const stored = 'mysql://app:same-password@db.example.com:3306/shop?tls=verify\n';
    expect(await databaseWillChange(worldOf({ password: 'same-password', stored }))).toBe(false);
    expect(await databaseWillChange(worldOf({ stored }))).toBe(false);
    expect(await databaseWillChange(worldOf({ password: 'another-password', stored }))).toBe(true);
  });

  it.each([
    ['a private key', KEY, /holds a private key/],
    ['no file', join(directory, 'nothing.pem'), /cannot be read/],
    ['another text', file('text.pem', 'hello'), /no certificate/],
    [
      'a damaged certificate',
      file('damaged.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'),
      /cannot be read/,
    ],
    [
      'more than SSM takes',
      file('many.pem', Array.from({ length: 16 }, () => readFileSync(AUTHORITY, 'utf8')).join('')),
      /SSM takes 8192/,
    ],
  ])('is refused with %s as the authority', async (_title, databaseCa, message) => {
    await expect(wantedDatabaseValue(worldOf({ password: 'long-enough', databaseCa }))).rejects.toMatchObject(
      {
        code: 'DATABASE_CA_INVALID',
        message: expect.stringMatching(message),
      },
    );
  });
});

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}
