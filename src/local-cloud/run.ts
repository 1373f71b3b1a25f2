import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { awsFront } from './aws-front.js';
import { startDatabase } from './database/index.js';
import { clientEnvironment } from './environment.js';
import type { Clock } from './kernel/clock.js';
import { LocalCloud } from './kernel/cloud.js';
import { type HttpHandler, listen } from './kernel/http.js';
import { Store } from './kernel/store.js';
import { AWS_SERVICES } from './services.js';
import { STRIPE_LIVE_KEY, STRIPE_TEST_KEY, stripeSide } from './stripe/index.js';

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
  readonly stripeLiveKey: string;
  readonly database: { url: string; password: string };
  readonly ports: ListenerPorts;
  /** What points any AWS SDK, the Stripe SDK and cachao here. */
  readonly environment: Record<string, string>;
  /** Flushes the state and closes every listener. */
  close(): Promise<void>;
}

/** Assembles and starts the whole cloud. Listeners hold requests back until every service has started. */
export async function runLocalCloud(options: RunOptions = {}): Promise<RunningCloud> {
  const { directory, ports } = options;
  const cloud = new LocalCloud(new Store(directory), options.clock);
  const password = databasePassword(cloud.store);
  cloud.add(AWS_SERVICES);
  const side = stripeSide(cloud);
  let open = (): void => {};
  const started = new Promise<void>((resolve) => {
    open = resolve;
  });
  const aws = await listen(after(started, awsFront(cloud)), ports?.aws ?? 0);
  const stripe = await listen(after(started, (request, response) => side.answer(request, response)), ports?.stripe ?? 0);
  const database = await startDatabase({
    ...(directory === undefined ? {} : { file: path.join(directory, 'orders.sqlite') }),
    port: ports?.database ?? 0,
    password,
  });
  Object.assign(cloud.addresses, { aws: aws.url, stripe: stripe.url, database: database.url });
  cloud.start();
  side.start();
  open();
  return {
    cloud,
    aws: aws.url,
    stripe: stripe.url,
    stripeLiveKey: STRIPE_LIVE_KEY,
    database: { url: database.url, password },
    ports: { aws: aws.port, stripe: stripe.port, database: database.port },
    environment: clientEnvironment(cloud.addresses, STRIPE_TEST_KEY, password),
    close: async () => {
      await Promise.all([aws.close(), stripe.close()]);
      side.stop?.();
      await cloud.stop();
      await database.close();
    },
  };
}

/** One password for as long as the state lives: it stands in the world, as a secret of the functions. */
function databasePassword(store: Store): string {
  const secrets = store.table<string>('database.secrets');
  const known = secrets.get('password');
  if (known !== undefined) return store.unseal(known);
  const password = randomBytes(18).toString('base64url');
  secrets.set('password', store.seal(password));
  store.flush();
  return password;
}

function after(started: Promise<void>, handler: HttpHandler): HttpHandler {
  return async (request, response) => {
    await started;
    return handler(request, response);
  };
}
