import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CachaoError } from '../core/errors.js';

/** The functions of the stack, as the build names them, and the template parameter that takes each one's code. */
export const CODE_PARAMETERS = {
  'stripe-event': 'StripeEventCodeKey',
  'stripe-webhook': 'StripeWebhookCodeKey',
  operations: 'OperationsCodeKey',
  drain: 'DrainCodeKey',
} as const;

export type HandlerName = keyof typeof CODE_PARAMETERS;

/** A function's zip, as the build made it. */
export interface Artifact {
  name: HandlerName;
  path: string;
  /** Of the zip, in hex. */
  sha256: string;
  bytes: number;
  /** Its name in the artifact bucket: the content's hash, so that new code is a new key. */
  key: string;
}

/** Where code of this hash (hex) stands in the artifact bucket. */
export const artifactKey = (name: HandlerName, sha256: string): string => `handlers/${name}/${sha256}.zip`;

interface ManifestEntry {
  file: string;
  sha256: string;
  bytes: number;
}

/**
 * Reads what the build left in `directory`.
 * @throws CachaoError HANDLERS_NOT_BUILT
 */
export async function readArtifacts(directory: string): Promise<Artifact[]> {
  const file = join(directory, 'manifest.json');
  let manifest: Record<string, ManifestEntry | undefined>;
  try {
    manifest = JSON.parse(await readFile(file, 'utf8')) as typeof manifest;
  } catch (error) {
    throw notBuilt(`${file} cannot be read`, error);
  }
  return (Object.keys(CODE_PARAMETERS) as HandlerName[]).map((name) => {
    const entry = manifest[name];
    if (!entry) throw notBuilt(`${file} does not list ${name}`);
    const { sha256, bytes } = entry;
    return { name, path: join(directory, entry.file), sha256, bytes, key: artifactKey(name, sha256) };
  });
}

/** The zip's bytes, which must be those that the manifest speaks of. */
export async function artifactBody(artifact: Artifact): Promise<Uint8Array> {
  let body: Buffer;
  try {
    body = await readFile(artifact.path);
  } catch (error) {
    throw notBuilt(`${artifact.path} cannot be read`, error);
  }
  const sha256 = createHash('sha256').update(body).digest('hex');
  if (sha256 !== artifact.sha256)
    throw notBuilt(`${artifact.path} is not the file that the manifest speaks of (its SHA-256 is ${sha256})`);
  return body;
}

function notBuilt(reason: string, cause?: unknown): CachaoError {
  return new CachaoError({
    code: 'HANDLERS_NOT_BUILT',
    message: `The functions' code is not there: ${reason}.`,
    next: [
      'In a checkout of cachao, run `npm run build`. An installed cachao brings them: install it again.',
    ],
    cause,
  });
}
