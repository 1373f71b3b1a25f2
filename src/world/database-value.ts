import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { databaseParameterName } from '../../handlers/contract/environment.js';
import { CachaoError } from '../core/errors.js';
import { EXIT } from '../core/exit-code.js';
import { databaseUrlWithPassword, sameServer } from './database-url.js';
import type { World } from './world.js';

/** What SSM takes as a parameter's value; beyond the first, the parameter costs some 0.05 USD a month. */
export const STANDARD_BYTES = 4096;
const MOST_BYTES = 8192;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * The value that the database parameter should have: the URL with its password, and after it the certificates of the
 * server's own authority. What was not given now is taken from what is stored, as long as that is about the same server:
 * a corrected `?tls=` needs no password. Undefined when it cannot be told.
 * @throws CachaoError DATABASE_CA_INVALID
 */
export async function wantedDatabaseValue(world: World): Promise<string | undefined> {
  const { database } = world.settings;
  if (!database) return undefined;
  const stored = await world.ssm.secret(databaseParameterName(world.settings.stage));
  const [storedUrl = '', ...storedLines] = stored?.value.reveal().trim().split(/\r?\n/) ?? [];
  const isSame = storedUrl !== '' && sameServer(database, storedUrl);
  const password = world.databasePassword?.reveal() ?? (isSame ? passwordOf(storedUrl) : undefined);
  if (password === undefined) return undefined;
  const authorities = (await givenAuthorities(world)) ?? (isSame ? storedLines.join('\n') : '');
  const value = [databaseUrlWithPassword(database, password), ...(authorities ? [authorities] : [])].join(
    '\n',
  );
  if (Buffer.byteLength(value) <= MOST_BYTES) return value;
  throw invalid(
    `With its certificates the database parameter has ${Buffer.byteLength(value)} bytes; SSM takes ${MOST_BYTES}.`,
    'Give only the certificates of the authority that signed the server (its region, for RDS).',
  );
}

function passwordOf(url: string): string | undefined {
  return URL.canParse(url) ? decodeURIComponent(new URL(url).password) : undefined;
}

/** The certificates in the file that `--database-ca` names; undefined where none was given. */
export async function givenAuthorities(world: World): Promise<string | undefined> {
  const file = world.settings.databaseCa;
  if (file === null) return undefined;
  return world.once('database authorities', async () => {
    const text = await readFile(file, 'utf8').catch((error: Error) => {
      throw invalid(
        `${file} cannot be read: ${error.message}.`,
        'Name a file that is there with --database-ca.',
      );
    });
    if (/PRIVATE KEY/.test(text))
      throw invalid(
        `${file} holds a private key.`,
        "Give the authority's certificate alone; a key stays secret.",
      );
    const certificates = text.match(CERTIFICATE) ?? [];
    if (certificates.length === 0)
      throw invalid(
        `${file} holds no certificate in PEM.`,
        'It has lines that say BEGIN CERTIFICATE; convert it with openssl x509.',
      );
    for (const certificate of certificates) check(file, certificate);
    return certificates.map((certificate) => certificate.replace(/\r/g, '')).join('\n');
  });
}

function check(file: string, certificate: string): void {
  try {
    new X509Certificate(certificate);
  } catch (error) {
    throw invalid(
      `${file} holds a certificate that cannot be read: ${(error as Error).message}.`,
      'Export it again, in PEM format.',
    );
  }
}

function invalid(message: string, next: string): CachaoError {
  return new CachaoError({ code: 'DATABASE_CA_INVALID', message, next: [next], exitCode: EXIT.usage });
}
