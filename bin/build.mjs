// Builds what the package ships: the functions' zips and the bundled commands. Takes seconds; needs no network.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildCli } from './lib/build-cli.mjs';
import { buildHandlers } from './lib/build-handlers.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const started = performance.now();
const [manifest, entryPoints] = await Promise.all([buildHandlers(root), buildCli(root)]);
for (const [name, { file, bytes }] of Object.entries(manifest)) {
  console.error(`handlers/${name}: ${file}, ${Math.round(bytes / 1000)} kB zipped`);
}
console.error(
  `commands and programs: ${entryPoints}; built in ${((performance.now() - started) / 1000).toFixed(1)} s`,
);
