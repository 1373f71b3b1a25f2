import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeDirectory } from '../support/directories.js';
import { lazyImports } from './lazy-imports.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** This Node, and the binaries of others that CACHAO_TEST_NODES names, parted like PATH. */
const NODES = [
  process.execPath,
  ...(process.env.CACHAO_TEST_NODES ?? '').split(path.delimiter).filter((node) => node !== ''),
];

let folder: string;
let installed: string;
let contents: string[];

beforeAll(async () => {
  // macOS' temporary directory is a link, and Node resolves modules by real paths.
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'cachao-packed-')));
  installed = path.join(folder, 'node_modules', 'cachao');
  contents = await installPacked();
});
afterAll(() => removeDirectory(folder));

/** Puts the packed product and exactly the packages that it depends on into an empty folder, without any network. */
async function installPacked(): Promise<string[]> {
  const packed = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: ROOT,
    maxBuffer: 1e8,
  });
  const [{ filename, files }] = JSON.parse(packed.stdout);
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', path.join(folder, filename), '-C', installed, '--strip-components', '1']);
  const { stdout } = await run('npm', ['ls', '--omit=dev', '--all', '--parseable'], { cwd: ROOT });
  for (const directory of stdout.trim().split('\n').slice(1))
    cpSync(directory, path.join(folder, path.relative(ROOT, directory)), { recursive: true });
  return files.map((file: { path: string }) => file.path);
}

/** Runs the packed program in a directory of its own, with nothing of the machine's own configuration. */
async function cachao(node: string, cwd: string, ...args: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await run(node, [path.join(installed, 'bin/run.js'), ...args, '--json'], {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, NO_COLOR: '1', AWS_EC2_METADATA_DISABLED: 'true' },
    maxBuffer: 1e8,
  });
  return JSON.parse(stdout);
}

describe('the packed product', () => {
  it('holds each thing once, and nothing of the sources', () => {
    expect(contents.filter((file) => /^(?:src|test|commands|handlers)\//.test(file))).toEqual([]);
    expect(contents.filter((file) => file.startsWith('dist/handlers/')).sort()).toEqual([
      'dist/handlers/drain.zip',
      'dist/handlers/manifest.json',
      'dist/handlers/operations.zip',
      'dist/handlers/stripe-event.zip',
      'dist/handlers/stripe-webhook.zip',
    ]);
  });

  it('carries the licence of every package that it bundles', () => {
    const licences = readFileSync(path.join(installed, 'dist/LICENSES.txt'), 'utf8');
    for (const name of ['@aws-sdk/client-sqs', 'stripe', 'listr2', 'enquirer', 'mysql2', 'zod', 'yaml'])
      expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'));
  });

  describe.each(NODES.map((node) => [path.relative(ROOT, node), node]))('on %s', (_, node) => {
    it('finds in every module that it imports late what it takes from it', async () => {
      const script = path.join(folder, 'import-all.mjs');
      writeFileSync(script, IMPORT_ALL);
      const wanted = path.join(folder, 'wanted.json');
      const imports = lazyImports(path.join(installed, 'dist'));
      expect(imports.length).toBeGreaterThan(50);
      writeFileSync(wanted, JSON.stringify(imports));
      const { stdout } = await run(node, [script, wanted, path.join(installed, 'dist')], { cwd: folder });
      expect(JSON.parse(stdout)).toEqual([]);
    });

    it('pays a test order in an empty folder, and finds it healthy', async () => {
      const home = mkdtempSync(path.join(folder, 'home-'));
      const setup = await cachao(node, home, 'setup', '--local', '--yes');
      expect(setup).toMatchObject({ outcome: 'changed', exitCode: 0, error: null });
      expect(await cachao(node, home, 'doctor', '--local')).toMatchObject({ exitCode: 0, error: null });
    });
  });
});

/** Imports every module of the list as the built program would, and prints what it does not find in it. */
const IMPORT_ALL = `
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
const [list, dist] = process.argv.slice(2);
const missing = [];
for (const { from, target, names } of JSON.parse(readFileSync(list, 'utf8'))) {
  const address = target.endsWith('.js') ? pathToFileURL(path.join(dist, target)).href : target;
  try {
    const module = await import(address);
    for (const name of names) if (module[name] === undefined) missing.push({ from, target, name });
  } catch (error) {
    missing.push({ from, target, error: String(error) });
  }
}
console.log(JSON.stringify(missing));
process.exit(0);
`;
