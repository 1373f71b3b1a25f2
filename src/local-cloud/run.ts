import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { registerAdminRoutes } from './admin/routes.js';
import { awsFront } from './aws-front.js';
import { startDatabase } from './database/index.js';
import { clientEnvironment } from './environment.js';
import type { Clock } from './kernel/clock.js';
import { LocalCloud, OPERATOR_KEY } from './kernel/cloud.js';
import { type HttpFront, listen } from './kernel/http.js';
import { Store } from './kernel/store.js';
import { followMoves, knownPorts, type ListenerPorts, listenOn } from './listeners.js';
import { AWS_SERVICES } from './services.js';
import { STRIPE_LIVE_KEY, STRIPE_TEST_KEY, stripeSide } from './stripe/index.js';

export interface RunOptions {
  /** Where state is kept; in memory unless given. */
  directory?: string;
  /** Absent: those of the last run with this directory where they are free, else others. Throws `PortTaken`. */
  ports?: Partial<ListenerPorts>;
  clock?: Clock;
  /** Keys of its own for the operator: other users of the machine, who know the usual ones, then cannot speak for it. */
  ownKeys?: boolean;
  /** Ports that the same directory gets again, not any free ones. */
  ownPorts?: boolean;
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
 * cannot start, what had started is stopped again.
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
    const known = knownPorts(cloud.store);
    const own = options.ownPorts && directory !== undefined ? path.resolve(directory) : undefined;
    const at = (name: keyof ListenerPorts) => ({ asked: ports?.[name], last: known[name], own });
    const database = await listenOn(
      'database',
      (port) => startDatabase({ ...file, port, password }),
      at('database'),
    );
    // Functions that still work when the cloud stops hold connections to it: it goes last.
    closing.unshift(() => database.close());
    registerAdminRoutes(cloud);
    cloud.add(AWS_SERVICES);
    const side = stripeSide(cloud);
    const gate = new Gate();
    const aws = await listenOn('aws', (port) => listen(gate.hold(awsFront(cloud)), port), at('aws'));
    closing.push(() => aws.close());
    const stripe = await listenOn('stripe', (port) => listen(gate.hold(side.front), port), at('stripe'));
    closing.push(
      () => side.stop(),
      () => stripe.close(),
    );
    const listening = { aws: aws.port, stripe: stripe.port, database: database.port };
    const moves = followMoves(cloud.store, listening);
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
      ports: listening,
      environment: clientEnvironment(cloud.addresses, cloud.operatorKey, STRIPE_TEST_KEY, password),
      warnings: [...cloud.store.warnings, ...database.warnings, ...moves],
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
  try {
    if (known !== undefined) return store.unseal(known);
  } catch {
    // It was sealed with another key: what needs it has to be told the new one, as after any change of a password.
  }
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

/** Holds requests back until it is opened. */
class Gate {
  open: () => void = () => {};
  private readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });

  hold(front: HttpFront): HttpFront {
    return {
      ...front,
      answer: async (request, response) => {
        await this.opened;
        return front.answer(request, response);
      },
    };
  }
}
