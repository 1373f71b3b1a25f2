// The event handler: size of its zip, start-up against a bundle that has the database driver and nothing else, and
// statements per event, counted on the embedded database. Needs `npm run build`.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const ROUNDS = 15;
const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** @returns {Promise<{ what: string, measured: string, ratio: string, goal: string }[]>} */
export async function measure() {
  // Inside the repository, where its packages are found.
  await mkdir(path.join(root, '.tmp'), { recursive: true });
  const directory = await mkdtemp(path.join(root, '.tmp', 'bench-'));
  try {
    const { size } = await stat(path.join(root, 'dist/handlers/stripe-event.zip'));
    const { handler, driver } = await startUps(directory);
    const statements = await countStatements(directory);
    return [
      {
        what: 'event handler, zipped',
        measured: `${Math.round(size / 1000)} kB`,
        ratio: '',
        goal: '< 500 kB',
      },
      {
        what: 'event handler, import',
        measured: `${handler.toFixed(0)} ms`,
        ratio: `${(handler / driver).toFixed(2)} × the driver alone (${driver.toFixed(0)} ms)`,
        goal: '≤ 1.3 ×',
      },
      ...statements.map(({ what, count }) => ({
        what,
        measured: `${count} statements`,
        ratio: '',
        goal: '',
      })),
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function startUps(directory) {
  const driver = path.join(directory, 'driver.mjs');
  await bundle("export { createConnection } from 'mysql2/promise';", driver, { minify: true });
  const files = { handler: path.join(root, 'dist/handlers/stripe-event/index.mjs'), driver };
  const times = { handler: [], driver: [] };
  // In turn, so that both meet the same load of the machine; the first round warms the disk cache.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, file] of Object.entries(files)) {
      const took = await importTime(file);
      if (round > 0) times[name].push(took);
    }
  }
  return { handler: median(times.handler), driver: median(times.driver) };
}

/** Milliseconds that importing a file takes, in a process of its own. */
async function importTime(file) {
  const url = JSON.stringify(pathToFileURL(file).href);
  const program = `const began=performance.now();await import(${url});console.log(performance.now()-began)`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program]);
  return Number(stdout);
}

async function countStatements(directory) {
  const file = path.join(directory, 'statements.mjs');
  await bundle(
    `import { embedded, open } from './test/handlers/support/databases.js';
     import { CONFIGURATION, arrival, checkoutSession, stripeEvent } from './test/handlers/support/events.js';
     import { prepare, sell } from './test/handlers/support/shop.js';
     import { applyEvent } from './handlers/shared/event/apply-event.js';
     const server = await embedded();
     const database = open(server);
     await prepare(database);
     const { orderId } = await sell(database);
     const paid = stripeEvent('checkout.session.completed', checkoutSession(orderId));
     const counts = [];
     for (const [what, event] of [
       ['a payment, applied', paid],
       ['the same again, on the other path', paid],
       ['an event to record only', stripeEvent('charge.updated', {})],
     ]) {
       const before = database.statements;
       await applyEvent(database, CONFIGURATION, event, arrival());
       counts.push({ what, count: database.statements - before });
     }
     await database.close();
     await server.close();
     console.log(JSON.stringify(counts));`,
    file,
    { packages: 'external' },
  );
  const { stdout } = await run(process.execPath, [file]);
  return JSON.parse(stdout);
}

function bundle(contents, outfile, options) {
  return build({
    absWorkingDir: root,
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
    legalComments: 'none',
    ...options,
  });
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await measure());
