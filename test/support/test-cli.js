// The command line with the tests' own commands instead of the shipped ones.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

register();
const { start } = await import('../../src/cli/app/start.ts');
await start({
  root: dirname(dirname(dirname(fileURLToPath(import.meta.url)))),
  source: './test/cli/commands',
});
