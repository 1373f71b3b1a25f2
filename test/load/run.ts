// Ten thousand payments through source, bus, rule, function and database of a stage that the built `cachao setup --local`
// makes, in the local cloud's own process. Prints ratios: machines are noisy, ratios less so. `npm run load -- 2000` for fewer.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Traffic } from './payments.js';

const BINARY = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
const PAYMENTS = Number(process.argv[2] ?? 10_000);
const AT_ONCE = 8;
const TENTHS = 10;

interface Sample {
  payments: number;
  /** Milliseconds since the load began. */
  time: number;
  /** Resident megabytes. */
  cloud: number;
  functions: number;
}

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'cachao-load-'));
const environment = { ...process.env, NO_COLOR: '1' };
let local: ChildProcess | undefined;
try {
  const setup = spawnSync(process.execPath, [BINARY, 'setup', '--local', '--yes'], {
    cwd: directory,
    env: environment,
    encoding: 'utf8',
  });
  if (setup.status !== 0) throw new Error(`setup ended with ${setup.status}: ${setup.stdout}${setup.stderr}`);
  local = spawn(process.execPath, [BINARY, 'local', '--json'], {
    cwd: directory,
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await firstLine(local);
  const { pid } = JSON.parse(
    fs.readFileSync(path.join(directory, '.cachao', 'local', 'cloud.json'), 'utf8'),
  ) as { pid: number };
  process.exitCode = (await load(pid)) ? 0 : 1;
} catch (error) {
  console.error(error, lastWords());
  process.exitCode = 1;
} finally {
  if (local && local.exitCode === null) {
    local.kill('SIGINT');
    await new Promise((resolve) => local?.once('close', resolve));
  }
  fs.rmSync(directory, { recursive: true, force: true });
}

/** What the cloud itself said, before its directory goes. */
function lastWords(): string {
  const log = path.join(directory, '.cachao', 'local', 'cloud.log');
  return fs.existsSync(log) ? fs.readFileSync(log, 'utf8').slice(-4000) : '';
}

/** Whether every payment arrived once. */
async function load(cloudPid: number): Promise<boolean> {
  const exported = spawnSync(process.execPath, [BINARY, 'local', '--export'], {
    cwd: directory,
    encoding: 'utf8',
  });
  const variables = Object.fromEntries(
    [...exported.stdout.matchAll(/^export (\w+)='(.*)'$/gm)].map((match) => [match[1], match[2]]),
  );
  const traffic = await Traffic.open(variables, 'local');
  // One path: what is counted is the bus's.
  for (const { id } of (await traffic.stripe.webhookEndpoints.list()).data)
    await traffic.stripe.webhookEndpoints.update(id, { disabled: true });
  const before = await traffic.tally();
  const orders = await traffic.order(PAYMENTS);
  const began = performance.now();
  const samples: Sample[] = [];
  const sample = (payments: number) =>
    samples.push({ payments, time: performance.now() - began, ...memory(cloudPid) });
  await traffic.pay(orders, AT_ONCE, async (paid) => {
    // The till waits for the database, so that what is measured is the whole path.
    if (paid % (PAYMENTS / TENTHS) === 0) {
      await traffic.allArrived(before.events + paid - 2 * AT_ONCE);
      sample(paid);
    }
  });
  await traffic.allArrived(before.events + PAYMENTS);
  // What is late or double has time to come.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const after = await traffic.tally();
  sample(PAYMENTS);
  await traffic.close();
  print(samples, before, after);
  return Object.entries(after).every(
    ([name, count]) => count - (before[name as keyof typeof before] ?? 0) === PAYMENTS,
  );
}

function print(samples: Sample[], before: Record<string, number>, after: Record<string, number>): void {
  console.log(
    `${PAYMENTS} payments, ${AT_ONCE} at once, Node ${process.version}, ${os.cpus().length} cores\n`,
  );
  for (const [name, count] of Object.entries(after))
    console.log(`${name.padEnd(14)} ${count - (before[name] ?? 0)}`);
  const [first] = samples;
  if (!first) return;
  console.log('\npayments   of its tenth: time × the first   memory of the cloud ×   of the functions ×');
  samples.slice(0, TENTHS).forEach((one, at) => {
    const took = one.time - (samples[at - 1]?.time ?? 0);
    const ratios = [took / first.time, one.cloud / first.cloud, one.functions / first.functions];
    const [time, cloud, functions] = ratios.map((ratio) => ratio.toFixed(2));
    console.log(
      `${String(one.payments).padStart(8)} ${time?.padStart(31)} ${cloud?.padStart(23)} ${functions?.padStart(20)}`,
    );
  });
  const last = samples.at(-1) as Sample;
  console.log(
    `\n${Math.round(PAYMENTS / (last.time / 1000))} payments a second; the cloud ends at ${Math.round(last.cloud)} MB, ${(((last.cloud - first.cloud) * 1024) / PAYMENTS).toFixed(1)} kB a payment after the first tenth`,
  );
}

/** Resident memory of the cloud, and of the functions that run under it, by /proc; nothing where there is none. */
function memory(pid: number): { cloud: number; functions: number } {
  const children = fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => parentOf(name) === pid);
  return { cloud: resident(String(pid)), functions: Math.max(...children.map(resident)) };
}

function parentOf(pid: string): number | undefined {
  return Number(/^PPid:\s+(\d+)/m.exec(status(pid))?.[1]);
}

function resident(pid: string): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(status(pid))?.[1] ?? 0) / 1024;
}

function status(pid: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.includes('\n')) resolve(text.split('\n')[0] ?? '');
    });
  });
}
