import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { registerAdminRoutes } from './admin/routes.js';
import { awsFront } from './aws-front.js';
import { startDatabase } from './database/index.js';
import { clientEnvironment } from './environment.js';
import type { Clock } from './kernel/clock.js';
import { LocalCloud, OPERATOR_KEY } from './kernel/cloud.js';
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
  /** Keys of its own for the operator: other users of the machine, who know the usual ones, then cannot speak for it. */
  ownKeys?: boolean;
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
  /** What was found wrong with the state, and what was done about it. */
  readonly warnings: string[];
  /** Flushes the state and closes every listener. */
  close(): Promise<void>;
}

/**
 * Assembles and starts the whole cloud. Listeners hold requests back until every service has started. When a listener
 * cannot start (`EADDRINUSE`), what had started is stopped again.
 */
export async function runLocalCloud(options: RunOptions = {}): Promise<RunningCloud> {
  const { directory, ports } = options;
  const cloud = new LocalCloud(new Store(directory), options.clock);
  const closing: (() => Promise<void> | void)[] = [() => cloud.stop()];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const password = secretOf(cloud.store, 'password', () => randomBytes(18).toString('base64url'));
    if (options.ownKeys)
      cloud.operatorKey = { ...OPERATOR_KEY, accessKeyId: secretOf(cloud.store, 'operator', accessKeyId) };
    const file = directory === undefined ? {} : { file: path.join(directory, 'orders.sqlite') };
    const database = await startDatabase({ ...file, port: ports?.database ?? 0, password });
    // Functions that still work when the cloud stops hold connections to it: it goes last.
    closing.unshift(() => database.close());
    registerAdminRoutes(cloud);
    cloud.add(AWS_SERVICES);
    const side = stripeSide(cloud);
    const gate = new Gate();
    const aws = await listen(gate.hold(awsFront(cloud)), ports?.aws ?? 0);
    closing.push(() => aws.close());
    const answer: HttpHandler = (request, response) => side.answer(request, response);
    const stripe = await listen(gate.hold(flushing(cloud.store, answer)), ports?.stripe ?? 0);
    closing.push(
      () => side.stop(),
      () => stripe.close(),
    );
    Object.assign(cloud.addresses, { aws: aws.url, stripe: stripe.url, database: database.url });
    cloud.start();
    side.start();
    gate.open();
    return {
      cloud,
      aws: aws.url,
      stripe: stripe.url,
      stripeLiveKey: STRIPE_LIVE_KEY,
      database: { url: database.url, password },
      ports: { aws: aws.port, stripe: stripe.port, database: database.port },
      environment: clientEnvironment(cloud.addresses, cloud.operatorKey, STRIPE_TEST_KEY, password),
      warnings: [...cloud.store.warnings, ...database.warnings],
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** One for as long as the state lives: the password stands in the world, and keys in somebody's shell. */
function secretOf(store: Store, name: 'password' | 'operator', make: () => string): string {
  const secrets = store.table<string>('database.secrets');
  const known = secrets.get(name);
  if (known !== undefined) return store.unseal(known);
  const secret = make();
  secrets.set(name, store.seal(secret));
  store.flush();
  return secret;
}

/** In the shape that AWS gives a user's key id; signatures are not verified, so it is what must not be guessed. */
function accessKeyId(): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return `AKIA${[...randomBytes(16)].map((byte) => letters[byte % letters.length]).join('')}`;
}

/** What a request changed is on disk before its answer leaves. */
function flushing(store: Store, handler: HttpHandler): HttpHandler {
  return async (request, response) => {
    try {
      return await handler(request, response);
    } finally {
      store.flush();
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
