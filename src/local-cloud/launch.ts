import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, realpathSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Discovery, readDiscovery } from './discovery.js';
import { type Lease, TOKEN_HEADER } from './leases.js';
import type { ProcessOptions } from './main.js';

const READY_MS = 20_000;
const POLL_MS = 15;
/** A child that found the state taken: the other one is about to be ready. */
const ANOTHER_HAS_IT = 75;

export interface LaunchOptions {
  stateDirectory: string;
  /** The program to start, `main.ts` or what it was built to. */
  entry: string;
  ports?: ProcessOptions['ports'];
  reset?: boolean;
  foreground?: boolean;
}

export interface LaunchedCloud {
  aws: string;
  stripe: string;
  database: { url: string };
  /** What points the SDKs, the Stripe CLI and cachao at it. */
  environment: Record<string, string>;
  /** Whether this call started it. */
  startedHere: boolean;
  warnings: string[];
  /** Lets it go: it ends with its last user. */
  release(): Promise<void>;
}

/** Joins the local cloud that has this state, or starts one in a process of its own. Two at once find the same one. */
export async function launchLocalCloud(options: LaunchOptions): Promise<LaunchedCloud> {
  const until = Date.now() + READY_MS;
  let child: ReturnType<typeof startProcess> | undefined;
  while (Date.now() < until) {
    const discovery = readDiscovery(options.stateDirectory);
    const lease = discovery && (await takeLease(discovery));
    if (discovery && lease && isOf(options.stateDirectory, lease)) {
      if (options.reset && child === undefined) throw cannotReset(options.stateDirectory, lease);
      return launched(discovery, lease, child !== undefined);
    }
    lease?.request.destroy();
    child ??= startProcess(options);
    if (child.exitCode() !== null) {
      if (child.exitCode() !== ANOTHER_HAS_IT)
        throw new Error(`The local cloud did not start: ${child.log()}`);
      child = undefined;
    }
    await sleep(POLL_MS);
  }
  throw new Error(`The local cloud was not ready within ${READY_MS / 1000} s. ${child?.log() ?? ''}`);
}

/** A killed cloud leaves its discovery file, and another state's cloud may have its port by now. */
function isOf(stateDirectory: string, { told }: HeldLease): boolean {
  return told.directory === realpathSync(stateDirectory);
}

function cannotReset(stateDirectory: string, { request }: HeldLease): Error {
  request.destroy();
  return new Error(
    `The local cloud of ${stateDirectory} is in use: it cannot be reset. End what uses it, then try again.`,
  );
}

function launched(discovery: Discovery, { request, told }: HeldLease, startedHere: boolean): LaunchedCloud {
  return {
    aws: discovery.aws,
    stripe: discovery.stripe,
    database: { url: discovery.database },
    environment: told.environment,
    startedHere,
    warnings: startedHere ? told.warnings : [],
    release: async () => {
      request.destroy();
    },
  };
}

/** A child that outlives this process: whoever joins meanwhile keeps it. */
function startProcess(options: LaunchOptions) {
  const { stateDirectory: directory, entry, ports, reset, foreground } = options;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const logFile = path.join(directory, 'cloud.log');
  const log = openSync(logFile, 'w', 0o600);
  const processOptions: ProcessOptions = {
    directory,
    ...(ports ? { ports } : {}),
    ...(reset ? { reset } : {}),
    ...(foreground ? { foreground } : {}),
  };
  const child = spawn(process.execPath, [...loaderFor(entry), entry], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...inherited(), CACHAO_LOCAL_CLOUD: JSON.stringify(processOptions) },
  });
  closeSync(log);
  child.unref();
  return { exitCode: () => child.exitCode, log: () => readFileSync(logFile, 'utf8').slice(-2000) };
}

/** No secret of the user's has any business in the local cloud. */
function inherited(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, TZ, LANG, NODE_EXTRA_CA_CERTS } = process.env;
  return Object.fromEntries(
    Object.entries({ PATH, HOME, TMPDIR, TZ, LANG, NODE_EXTRA_CA_CERTS }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}

function loaderFor(entry: string): string[] {
  return entry.endsWith('.ts') ? ['--import', import.meta.resolve('tsx')] : [];
}

interface HeldLease {
  request: http.ClientRequest;
  told: Lease;
}

/** Holds a connection open for as long as the cloud is used; undefined when nothing answers there. */
function takeLease({ aws, token }: Discovery): Promise<HeldLease | undefined> {
  return new Promise((resolve) => {
    const headers = { [TOKEN_HEADER]: token ?? '' };
    const request = http.get(`${aws}/_cachao/lease`, { agent: false, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (!text.includes('\n')) return;
        // The connection stays; it must not keep this process alive by itself.
        response.socket.unref();
        resolve(response.statusCode === 200 ? { request, told: readLease(text) } : undefined);
      });
      response.on('end', () => resolve(undefined));
    });
    request.on('error', () => resolve(undefined));
  });
}

/** Another program that has the port may answer anything. */
function readLease(text: string): Lease {
  try {
    return JSON.parse(text) as Lease;
  } catch {
    return { directory: '', environment: {}, warnings: [] };
  }
}
