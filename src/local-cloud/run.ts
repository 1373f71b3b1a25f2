import path from 'node:path';
import { registerAdminRoutes } from './admin/routes.js';
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
  /** The orders database; its URL carries no password. */
  readonly database: { url: string; password: string };
  readonly ports: ListenerPorts;
  /** Secret keys of the one Stripe account, by mode. */
  readonly stripeTestKey: string;
  readonly stripeLiveKey: string;
  /** What points any AWS SDK, the Stripe SDK and cachao here. */
  readonly environment: Record<string, string>;
  /** What was found wrong with the state, and what was done about it. */
  readonly warnings: string[];
  /** Flushes the state and closes every listener. */
  close(): Promise<void>;
}

/** Assembles and starts the whole cloud. Listeners hold requests back until every service has started. */
export async function runLocalCloud(options: RunOptions = {}): Promise<RunningCloud> {
  const cloud = new LocalCloud(new Store(options.directory), options.clock);
  registerAdminRoutes(cloud);
  cloud.add(AWS_SERVICES);
  const stripe = stripeSide(cloud);
  const gate = new Gate();
  const closing: (() => Promise<void>)[] = [];
  try {
    const database = await openDatabase(cloud, options);
    closing.push(() => database.close());
    const aws = await listen(gate.hold(awsFront(cloud)), options.ports?.aws ?? 0);
    closing.push(() => aws.close());
    const stripeFront = gate.hold(flushed(cloud, (request, response) => stripe.answer(request, response)));
    const stripeListener = await listen(stripeFront, options.ports?.stripe ?? 0);
    closing.push(() => stripeListener.close());
    Object.assign(cloud.addresses, { aws: aws.url, stripe: stripeListener.url, database: database.url });
    cloud.start();
    stripe.start();
    cloud.store.flush();
    gate.open();
    return {
      cloud,
      aws: aws.url,
      stripe: stripeListener.url,
      database: { url: database.url, password: database.password },
      ports: { aws: aws.port, stripe: stripeListener.port, database: database.port },
      stripeTestKey: STRIPE_TEST_KEY,
      stripeLiveKey: STRIPE_LIVE_KEY,
      environment: clientEnvironment(cloud.addresses, STRIPE_TEST_KEY, database.password),
      warnings: [...cloud.store.warnings, ...database.warnings],
      close: () => shutDown(cloud, () => stripe.stop(), closing),
    };
  } catch (error) {
    await shutDown(cloud, () => stripe.stop(), closing);
    throw error;
  }
}

async function openDatabase(cloud: LocalCloud, { directory, ports }: RunOptions) {
  const password = cloud.store.derivedSecret('database password');
  const file = directory === undefined ? {} : { file: path.join(directory, 'orders.sqlite') };
  const database = await startDatabase({ ...file, port: ports?.database ?? 0, password });
  return { ...database, password };
}

/** No request is answered after this begins; functions and timers end before the state is closed. */
async function shutDown(
  cloud: LocalCloud,
  stopStripe: () => void,
  closing: (() => Promise<void>)[],
): Promise<void> {
  stopStripe();
  for (const close of [...closing].reverse().slice(0, -1)) await close();
  await cloud.stop();
  // Functions that were still working held connections to the database until now.
  await closing[0]?.();
}

function flushed(cloud: LocalCloud, handler: HttpHandler): HttpHandler {
  return async (request, response) => {
    try {
      return await handler(request, response);
    } finally {
      cloud.store.flush();
    }
  };
}

/** Holds requests back until it is opened. */
class Gate {
  open: () => void = () => {};
  private readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });

  hold(handler: HttpHandler): HttpHandler {
    return async (request, response) => {
      await this.opened;
      return handler(request, response);
    };
  }
}
