import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { deterministicZip } from './deterministic-zip.mjs';
import { licencesOf } from './licences.mjs';

/** The Lambda functions, by the name of their directory in `handlers/`. */
export const HANDLERS = ['drain', 'operations', 'stripe-event', 'stripe-webhook'];

/** What CommonJS packages inside an ES module need. */
const REQUIRE =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

/**
 * The driver's tables of East Asian character sets: half of the bundle, and never read, because every connection is
 * utf8mb4 and the server converts to it.
 */
const WITHOUT_CHARSET_TABLES = {
  name: 'without-charset-tables',
  setup: ({ onLoad }) =>
    onLoad({ filter: /iconv-lite[\\/]encodings[\\/]dbcs-data\.js$/ }, () => ({
      contents: 'module.exports = {};',
    })),
};

/**
 * Bundles each function into `dist/handlers/<name>/index.mjs` and `<name>.zip`, and writes `manifest.json`.
 * @param {string} root the repository
 * @returns {Promise<Record<string, { file: string, sha256: string, bytes: number }>>} the manifest
 */
export async function buildHandlers(root, directory = path.join(root, 'dist/handlers')) {
  rmSync(directory, { recursive: true, force: true });
  const manifest = {};
  for (const name of HANDLERS) manifest[name] = await buildHandler(root, directory, name);
  writeFileSync(path.join(directory, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

async function buildHandler(root, directory, name) {
  const outfile = path.join(directory, name, 'index.mjs');
  mkdirSync(path.dirname(outfile), { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [`handlers/${name}/index.ts`],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    // Older than what is deployed, so that the very same file runs wherever the CLI does.
    target: 'node20',
    format: 'esm',
    banner: { js: REQUIRE },
    legalComments: 'none',
    plugins: [WITHOUT_CHARSET_TABLES],
    metafile: true,
    logLevel: 'warning',
  });
  const file = `${name}.zip`;
  const zip = deterministicZip({
    'index.mjs': readFileSync(outfile),
    'LICENSES.txt': licencesOf(metafile, root),
  });
  writeFileSync(path.join(directory, file), zip);
  return { file, sha256: createHash('sha256').update(zip).digest('hex'), bytes: zip.length };
}
