import { awsFront } from './aws-front.js';
import type { Clock } from './kernel/clock.js';
import { LocalCloud, OPERATOR_KEY } from './kernel/cloud.js';
import { type HttpHandler, listen } from './kernel/http.js';
import { Store } from './kernel/store.js';
import { AWS_SERVICES } from './services.js';

export interface RunOptions {
  /** Where state is kept; in memory unless given. */
  directory?: string;
  /** 0 or absent: any free port. */
  ports?: Partial<ListenerPorts>;
  clock?: Clock;
}

export interface ListenerPorts {
  aws: number;
  stripe: number;
  database: number;
}

/** A local cloud with its listeners, in this process. */
export interface RunningCloud {
  readonly cloud: LocalCloud;
  /** Base URL of the AWS listener. */
  readonly aws: string;
  /** Base URL of the Stripe listener. */
  readonly stripe: string;
  readonly database: { url: string; password: string };
  /** What points any AWS SDK, the Stripe SDK and cachao here. */
  readonly environment: Record<string, string>;
  /** Flushes the state and closes every listener. */
  close(): Promise<void>;
}

/** Assembles and starts the whole cloud. Listeners hold requests back until every service has started. */
export async function runLocalCloud(options: RunOptions = {}): Promise<RunningCloud> {
  const cloud = new LocalCloud(new Store(options.directory), options.clock);
  cloud.add(AWS_SERVICES);
  let open = (): void => {};
  const started = new Promise<void>((resolve) => {
    open = resolve;
  });
  const aws = await listen(after(started, awsFront(cloud)), options.ports?.aws ?? 0);
  cloud.addresses.aws = aws.url;
  cloud.start();
  open();
  return {
    cloud,
    aws: aws.url,
    stripe: '',
    database: { url: '', password: '' },
    environment: {
      AWS_ENDPOINT_URL: aws.url,
      AWS_ACCESS_KEY_ID: OPERATOR_KEY.accessKeyId,
      AWS_SECRET_ACCESS_KEY: OPERATOR_KEY.secretAccessKey,
      AWS_REGION: 'eu-west-1',
    },
    close: async () => {
      await aws.close();
      await cloud.stop();
    },
  };
}

function after(started: Promise<void>, handler: HttpHandler): HttpHandler {
  return async (request, response) => {
    await started;
    return handler(request, response);
  };
}
