import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, realpathSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TOKEN_HEADER } from './admin/index.js';
import { type Discovery, readDiscovery } from './discovery.js';
import { EXIT } from './exit-codes.js';
import { type Lease, PID_HEADER } from './leases.js';
import type { ProcessOptions } from './main.js';

const READY_MS = 20_000;
const POLL_MS = 15;

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
  /** Opens the admin routes, as the header `TOKEN_HEADER`. */
  token: string;
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
    const joined = await join(options.stateDirectory);
    if (joined) {
      if (options.reset && child === undefined) throw cannotReset(options.stateDirectory, joined.lease);
      return launched(joined.discovery, joined.lease, child !== undefined);
    }
    child ??= startProcess(options);
    if (child.exitCode() !== null) {
      // Where another process has the state, that one is about to be ready.
      if (child.exitCode() !== EXIT.anotherHasIt) throw notStarted(options, child.exitCode(), child.log());
      child = undefined;
    }
    await sleep(POLL_MS);
  }
  throw new LaunchError('unavailable', `The local cloud was not ready within ${READY_MS / 1000} s.`);
}

/** The local cloud that runs with this state; undefined, and nothing is written, when none does. */
export async function joinLocalCloud(stateDirectory: string): Promise<LaunchedCloud | undefined> {
  const joined = await join(stateDirectory);
  return joined && launched(joined.discovery, joined.lease, false);
}

async function join(stateDirectory: string): Promise<{ discovery: Discovery; lease: HeldLease } | undefined> {
  const discovery = readDiscovery(stateDirectory);
  const lease = discovery && (await takeLease(discovery));
  if (discovery && lease && isOf(stateDirectory, lease)) return { discovery, lease };
  lease?.request.destroy();
  return undefined;
}

/** Why there is no local cloud, in one sentence. */
export class LaunchError extends Error {
  constructor(
    readonly reason: 'unavailable' | 'in-use' | 'disk-full' | 'not-writable' | 'port-taken',
    message: string,
  ) {
    super(message);
  }
}

function notStarted({ stateDirectory, ports }: LaunchOptions, code: number | null, log: string): LaunchError {
  if (code === EXIT.diskFull)
    return new LaunchError(
      'disk-full',
      `The local cloud did not start: the disk of ${stateDirectory} is full.`,
    );
  if (code === EXIT.notWritable) return notWritable(stateDirectory);
  if (code === EXIT.portTaken)
    return new LaunchError('port-taken', `The local cloud did not start: port ${ports?.aws} is taken.`);
  const why = /^\S+Z start: (.*)$/m.exec(log)?.[1] ?? `its process ended with ${code}`;
  return new LaunchError(
    'unavailable',
    `The local cloud did not start: ${why}. ${path.join(stateDirectory, 'cloud.log')} says where.`,
  );
}

/** Why a state directory cannot be used, by what writing to it threw. */
export function notWritable(stateDirectory: string, error?: unknown): LaunchError {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new LaunchError(
      'disk-full',
      `The local cloud did not start: the disk of ${stateDirectory} is full.`,
    );
  return new LaunchError(
    'not-writable',
    `The local cloud did not start: its directory ${stateDirectory} cannot be written to${code && !isVague(code) ? ` (${code})` : ''}.`,
  );
}

/** What Node says of a directory that it should make, with those around it, where nobody may write. */
function isVague(code: string): boolean {
  return code === 'ENOENT';
}

/** A killed cloud leaves its discovery file, and another state's cloud may have its port by now. */
function isOf(stateDirectory: string, { told }: HeldLease): boolean {
  return told.directory === realpathSync(stateDirectory);
}

function cannotReset(stateDirectory: string, { request }: HeldLease): LaunchError {
  request.destroy();
  return new LaunchError(
    'in-use',
    `The local cloud of ${stateDirectory} is in use: it cannot be reset. End what uses it, then try again.`,
  );
}

function launched(discovery: Discovery, { request, told }: HeldLease, startedHere: boolean): LaunchedCloud {
  return {
    aws: discovery.aws,
    stripe: discovery.stripe,
    database: { url: discovery.database },
    token: discovery.token,
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
  const logFile = path.join(directory, 'cloud.log');
  const log = openLog(directory, logFile);
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
  return { exitCode: () => child.exitCode, log: () => readFileSync(logFile, 'utf8') };
}

function openLog(directory: string, file: string): number {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return openSync(file, 'w', 0o600);
  } catch (error) {
    throw notWritable(directory, error);
  }
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
    const headers = { [TOKEN_HEADER]: token ?? '', [PID_HEADER]: String(process.pid) };
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
