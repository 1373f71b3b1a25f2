import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { licencesOf } from './licences.mjs';
import { shippedTemplate } from './shipped-template.mjs';

/**
 * Packages that stay in node_modules, and so the package's only dependencies: oclif finds commands and its own files by
 * their place on disk, SQLite its WebAssembly beside its script. Everything else is bundled, with its licence.
 */
const EXTERNAL = ['@oclif/core', 'node-sqlite3-wasm'];

/** What is started besides the commands: where `bin/run.js` begins, and programs that are processes of their own. */
const PROGRAMS = { 'cli/start': 'src/cli/app/start.ts', 'local-cloud/main': 'src/local-cloud/main.ts' };

const REQUIRE =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

/**
 * Bundles the commands into `dist/commands/`, with what they share in chunks beside them, so that a start reads few
 * files and only those that its command needs. The licences of what is bundled go to `dist/LICENSES.txt`.
 * @param {string} root the repository
 * @returns {Promise<number>} how many entry points there were
 */
export async function buildCli(root) {
  for (const part of ['commands', 'chunks', 'cli', 'local-cloud']) {
    rmSync(path.join(root, 'dist', part), { recursive: true, force: true });
  }
  const entryPoints = { ...commands(root), ...programs(root) };
  const count = Object.keys(entryPoints).length;
  if (count === 0) return 0;
  const metafile = await bundle(root, entryPoints, path.join(root, 'dist'));
  writeFileSync(path.join(root, 'dist/LICENSES.txt'), licencesOf(metafile, root));
  return count;
}

/**
 * Bundles entry points as those of the product are.
 * @param {string} root the repository
 * @param {Record<string, string>} entryPoints sources by their names in `outdir`
 * @param {string} outdir
 * @returns {Promise<import('esbuild').Metafile>} what went into them
 */
export async function bundle(root, entryPoints, outdir) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[hash]',
    platform: 'node',
    // The SDK's ES modules: from its CommonJS, a dynamic import would see no named export.
    mainFields: ['module', 'main'],
    target: 'node20',
    format: 'esm',
    minifySyntax: true,
    minifyWhitespace: true,
    banner: { js: REQUIRE },
    external: EXTERNAL,
    plugins: [await shippedTemplate(root)],
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
}

function commands(root) {
  const directory = path.join(root, 'commands');
  if (!existsSync(directory)) return {};
  const files = readdirSync(directory, { recursive: true }).filter((file) => /(?<!\.d)\.ts$/.test(file));
  return Object.fromEntries(
    files
      .sort()
      .map((file) => [`commands/${file.replaceAll('\\', '/').slice(0, -3)}`, path.join('commands', file)]),
  );
}

function programs(root) {
  return Object.fromEntries(
    Object.entries(PROGRAMS).filter(([, source]) => existsSync(path.join(root, source))),
  );
}
