// Writes what is derived from the code: the manifest, the configuration's schema, the page of commands.
// With --check, writes nothing and fails, naming what is not current.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

register();
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { generatedFiles } = await import('../src/cli/app/generate.ts');
const check = process.argv.includes('--check');
const stale = [];
for (const [file, text] of Object.entries(await generatedFiles(root))) {
  const before = read(path.join(root, file));
  if (before === text) continue;
  stale.push(file);
  if (!check) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
}
for (const file of stale)
  console.error(check ? `${file} is not current: run \`npm run generate\`` : `${file} written`);
process.exit(check && stale.length > 0 ? 1 : 0);

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
