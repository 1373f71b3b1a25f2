import { TOKEN_HEADER } from '../../src/local-cloud/admin/index.js';
import { Clock } from '../../src/local-cloud/kernel/clock.js';
import { type LocalCloud, OPERATOR_KEY } from '../../src/local-cloud/kernel/cloud.js';
import type { ListenerPorts } from '../../src/local-cloud/listeners.js';
import { type RunningCloud, runLocalCloud } from '../../src/local-cloud/run.js';

export interface TestCloudOptions {
  /** Keeps the state there instead of in memory. */
  directory?: string;
  /** `hasten` (default): what takes minutes passes quickly. `manual`: only `cloud.clock.advance` makes it happen. */
  clock?: 'hasten' | 'manual';
  /** Those of an earlier cloud whose state this one takes up: addresses stand in the state. */
  ports?: ListenerPorts;
  /** How many times faster waits pass when hastened; 600 unless given. */
  speed?: number;
}

export interface TestCloud extends RunningCloud {
  /** For any AWS SDK client: `new SSMClient(testCloud.client)`. One attempt, so that errors surface at once. */
  readonly client: ClientConfiguration;
}

export interface ClientConfiguration {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  maxAttempts: number;
}

/** The whole local cloud in the test's own process, on ports of its own. Call `close` when done. */
export async function startTestCloud(options: TestCloudOptions = {}): Promise<TestCloud> {
  const clock = new Clock(options.clock ?? 'hasten', options.speed ?? 600);
  const running = await runLocalCloud({
    clock,
    ...(options.directory === undefined ? {} : { directory: options.directory }),
    ...(options.ports === undefined ? {} : { ports: options.ports }),
  });
  return { ...running, client: clientConfiguration(running.aws) };
}

/** A call of one of the cloud's admin routes, `/_cachao/<path>`, by who knows its token. */
export function askAdmin(
  { aws, cloud }: { aws: string; cloud: Pick<LocalCloud, 'adminToken'> },
  path: string,
  method: 'GET' | 'PUT' | 'POST' = 'GET',
  body?: unknown,
): Promise<Response> {
  return fetch(`${aws}/_cachao/${path}`, {
    method,
    headers: { [TOKEN_HEADER]: cloud.adminToken },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** What points an SDK client at a local cloud, as its operator or with other keys. */
export function clientConfiguration(
  endpoint: string,
  credentials: ClientConfiguration['credentials'] = { ...OPERATOR_KEY },
): ClientConfiguration {
  return { endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 };
}
