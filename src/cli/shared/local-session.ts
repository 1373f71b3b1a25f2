import { devNull } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { ErrorCode } from '../../core/error-codes/entries.js';
import { CachaoError, InterruptedError } from '../../core/errors.js';
import { privateDirectory } from '../../core/private-directory.js';
import { hide } from '../../core/secret.js';
import type { LaunchError, LaunchedCloud, LaunchOptions } from '../../local-cloud/launch.js';

export interface LocalSession {
  warnings: string[];
  /** Leaves the local cloud; its state stays. */
  release(): Promise<void>;
}

/** What could lead an SDK past the local cloud, or to a real account. */
const LEADS_AWAY = [
  /^AWS_(DEFAULT_)?(PROFILE|REGION)$/,
  /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|CREDENTIAL_EXPIRATION|ACCOUNT_ID)$/,
  /^AWS_(ROLE_ARN|WEB_IDENTITY_TOKEN_FILE|CONTAINER_.*)$/,
  /^AWS_(ENDPOINT_URL.*|IGNORE_CONFIGURED_ENDPOINT_URLS|USE_FIPS_ENDPOINT|USE_DUALSTACK_ENDPOINT)$/,
  /^STRIPE_(?!SUPPRESS_NOTICES$)/,
  /^CACHAO_(PROFILE|REGION|DATABASE|DATABASE_PASSWORD)$/,
];

/** Where the local cloud keeps its state: beside the named configuration file, else in the current directory. */
export function localStateDirectory(cwd: string, configFile: string | undefined): string {
  return join(
    configFile === undefined ? resolve(cwd) : dirname(resolve(cwd, configFile)),
    '.cachao',
    'local',
  );
}

/**
 * Starts the embedded AWS and Stripe, or joins the one that runs, and points this process's environment at it,
 * and at nothing else. The one place that knows the local cloud. `root` is the package's directory; `ownDatabase`: the
 * user named a database, which takes the embedded one's place.
 */
export async function startLocal(
  stateDirectory: string,
  root: string,
  ownDatabase: boolean,
  signal: AbortSignal,
): Promise<LocalSession> {
  const launched = await launch({ stateDirectory, entry: localCloudEntry(root) });
  if (signal.aborted) {
    await launched.release();
    throw new InterruptedError();
  }
  pointAt(launched.environment, process.env, ownDatabase);
  return { warnings: launched.warnings, release: () => launched.release() };
}

const REFUSALS: Record<LaunchError['reason'], { code: ErrorCode; next: string[] }> = {
  'disk-full': {
    code: 'LOCAL_CLOUD_DISK_FULL',
    next: ['Make room on that disk, then run the command again.'],
  },
  'not-writable': {
    code: 'LOCAL_CLOUD_NOT_WRITABLE',
    next: ['Run the command in a directory that you may write to.'],
  },
  'port-taken': {
    code: 'LOCAL_CLOUD_PORT_TAKEN',
    next: ['Name another port with --port, or none: then one is found.'],
  },
  'in-use': {
    code: 'LOCAL_CLOUD_UNAVAILABLE',
    next: ['End the cachao commands that use it, then run the command again.'],
  },
  unavailable: {
    code: 'LOCAL_CLOUD_UNAVAILABLE',
    next: ['If its state is beyond help, start from nothing: cachao local --reset'],
  },
};

/** Starts or joins the local cloud. Throws LOCAL_CLOUD_UNAVAILABLE, or a code that says more. */
export async function launch(options: LaunchOptions): Promise<LaunchedCloud> {
  const { launchLocalCloud, notWritable } = await import('../../local-cloud/launch.js');
  const { stateDirectory } = options;
  try {
    try {
      privateDirectory(stateDirectory);
    } catch (error) {
      throw notWritable(stateDirectory, error);
    }
    return await launchLocalCloud(options);
  } catch (error) {
    // The local cloud stands apart and knows none of our errors.
    const { reason } = error as { reason?: LaunchError['reason'] };
    throw new CachaoError({
      ...(REFUSALS[reason ?? 'unavailable'] ?? REFUSALS.unavailable),
      message: (error as Error).message,
      cause: error,
    });
  }
}

/** The local cloud that runs with this state, and none is started. Throws LOCAL_NOT_RUNNING. */
export async function joinRunning(stateDirectory: string): Promise<LaunchedCloud> {
  const { joinLocalCloud } = await import('../../local-cloud/launch.js');
  const running = await joinLocalCloud(stateDirectory);
  if (running) return running;
  throw new CachaoError({
    code: 'LOCAL_NOT_RUNNING',
    message: `No local cloud runs with the state in ${stateDirectory}, so there is nothing to point a shell at.`,
    next: ['Run cachao local in another terminal, in this directory, and leave it running.'],
  });
}

/** The local cloud's program: built beside the commands, or its source when the TypeScript runs. */
export function localCloudEntry(root: string): string {
  return import.meta.url.endsWith('.ts')
    ? join(root, 'src', 'local-cloud', 'main.ts')
    : join(root, 'dist', 'local-cloud', 'main.js');
}

/** Changes the environment so that every SDK in this process finds the local cloud alone. */
export function pointAt(
  local: Readonly<Record<string, string>>,
  environment: NodeJS.ProcessEnv,
  ownDatabase = false,
): void {
  const { CACHAO_DATABASE, CACHAO_DATABASE_PASSWORD } = environment;
  for (const name of Object.keys(environment))
    if (LEADS_AWAY.some((pattern) => pattern.test(name))) delete environment[name];
  // Profiles, and the endpoints of services that they name, stay out of it.
  environment.AWS_CONFIG_FILE = devNull;
  environment.AWS_SHARED_CREDENTIALS_FILE = devNull;
  environment.AWS_EC2_METADATA_DISABLED = 'true';
  const direct = [environment.NO_PROXY ?? environment.no_proxy ?? '', '127.0.0.1', 'localhost'];
  environment.NO_PROXY = direct.filter((host) => host !== '').join(',');
  environment.no_proxy = environment.NO_PROXY;
  Object.assign(environment, local);
  if (ownDatabase) restore(environment, { CACHAO_DATABASE, CACHAO_DATABASE_PASSWORD });
  hide(local.AWS_SECRET_ACCESS_KEY);
  hide(local.STRIPE_API_KEY);
  hide(local.CACHAO_DATABASE_PASSWORD);
}

function restore(environment: NodeJS.ProcessEnv, values: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) delete environment[name];
    else environment[name] = value;
  }
}
