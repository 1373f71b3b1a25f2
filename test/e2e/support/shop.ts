import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  ActivateEventSourceCommand,
  DeactivateEventSourceCommand,
  EventBridgeClient,
} from '@aws-sdk/client-eventbridge';
import { type Connection, createConnection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import type Stripe from 'stripe';
import { startProxy } from '../../handlers/support/flaky-proxy.js';
import { payHeadless } from '../../local-cloud/stripe/support.js';
import { askAdmin, startTestCloud, type TestCloud } from '../../support/local-cloud.js';
import { type CliResult, cachao, workingDirectory } from './cli.js';
import { environmentFor } from './clouds.js';
import { stripeOf } from './world.js';

const LATER = fileURLToPath(new URL('./later.mjs', import.meta.url));
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export interface Sale {
  orderId: string;
  session: Stripe.Checkout.Session;
  amountMinor: number;
}

/** A shop with its clouds and its database, set up by cachao; time passes as the test says. */
export class Shop {
  readonly stripe: Stripe;
  private readonly arrived = new Set<string>();
  private ticketId = 0;
  private discountCodeId = 0;

  private constructor(
    readonly cloud: TestCloud,
    readonly proxy: Awaited<ReturnType<typeof startProxy>>,
    readonly database: Connection,
    private readonly directory: ReturnType<typeof workingDirectory>,
    private readonly webhook: boolean,
    private readonly mode: Record<string, string>,
  ) {
    this.stripe = stripeOf(cloud, mode.STRIPE_API_KEY);
    cloud.cloud.happenings.on('happening', ({ text }: { text: string }) => {
      const to = /^(evt_\w+) (?:delivered )?to (\w+)/.exec(text);
      if (to) this.arrived.add(`${to[1]} ${to[2]?.startsWith('ed_') ? 'eventbridge' : 'webhook'}`);
    });
  }

  /** With everything set up, and no order yet. A live one takes no payments here: its sessions only expire. */
  static async open({ webhook = true, live = false } = {}): Promise<Shop> {
    const cloud = await startTestCloud();
    const direct = new URL(cloud.database.url);
    const proxy = await startProxy({ host: direct.hostname, port: Number(direct.port) });
    const database = await createConnection({
      host: direct.hostname,
      port: Number(direct.port),
      user: 'cachao',
      password: cloud.database.password,
      database: 'shop',
    });
    const mode: Record<string, string> = live
      ? { STRIPE_API_KEY: cloud.stripeLiveKey, CACHAO_MODE: 'live' }
      : {};
    const shop = new Shop(cloud, proxy, database, workingDirectory(), webhook, mode);
    const account = (await shop.stripe.accounts.retrieveCurrent()).id;
    const confirmed = live ? ['--confirm-live', account] : [];
    const setup = await shop.run('setup', '--yes', '--json', '--skip-checkout', ...confirmed);
    if (setup.code !== 0) throw new Error(`setup exited ${setup.code}: ${setup.stdout}${setup.stderr}`);
    await shop.stock();
    return shop;
  }

  async close(): Promise<void> {
    this.database.destroy();
    await this.cloud.close();
    await this.proxy.close();
    await this.directory.remove();
  }

  /** The built binary, in the cloud's time. */
  run(...args: string[]): Promise<CliResult> {
    return this.runWith({}, ...args);
  }

  runWith(options: Partial<Parameters<typeof cachao>[1]>, ...args: string[]): Promise<CliResult> {
    const environment = environmentFor(this.cloud);
    const url = new URL(environment.CACHAO_DATABASE as string);
    url.port = String(this.proxy.port);
    return cachao(args, {
      ...options,
      cwd: this.directory.path,
      environment: {
        ...environment,
        CACHAO_DATABASE: url.href,
        CACHAO_WEBHOOK: String(this.webhook),
        ...this.mode,
        NODE_OPTIONS: `--import=${LATER}`,
        CACHAO_TEST_AHEAD_MS: String(this.cloud.cloud.clock.ahead),
        ...options.environment,
      },
    });
  }

  async json(...args: string[]) {
    const { stdout, stderr } = await this.run(...args, '--json');
    try {
      return JSON.parse(stdout);
    } catch {
      throw new Error(`no JSON of ${args.join(' ')}: ${stdout}${stderr}`);
    }
  }

  /** A file where the binary runs. */
  file(name: string): string {
    return path.join(this.directory.path, name);
  }

  pass(milliseconds: number): Promise<void> {
    return this.cloud.cloud.clock.advance(milliseconds);
  }

  /** An order of so many tickets as the shop makes it, with its session, open. */
  async order(
    quantity = 1,
    metadata: Record<string, string> = {},
    checkout: Partial<Stripe.Checkout.SessionCreateParams> = {},
  ): Promise<Sale> {
    const amountMinor = 1250 * quantity;
    const { insertId } = await this.write(
      `INSERT INTO ticket_orders (event_id, ticket_id, email, quantity, unit_price, discount_code_id, total_amount, status)
       VALUES (1, ?, 'someone@example.com', ?, '12.50', ?, ?, 'pending')`,
      [this.ticketId, quantity, this.discountCodeId, (amountMinor / 100).toFixed(2)],
    );
    const orderId = String(insertId);
    const session = await this.stripe.checkout.sessions.create({
      mode: 'payment',
      line_items: [
        {
          quantity,
          price_data: { currency: 'eur', unit_amount: 1250, product_data: { name: 'Evening' } },
        },
      ],
      metadata: { order_id: orderId, cachao_stage: 'dev', ...metadata },
      success_url: 'https://shop.example.com/done',
      ...checkout,
    });
    await this.write('UPDATE ticket_orders SET stripe_checkout_session_id = ? WHERE id = ?', [
      session.id,
      orderId,
    ]);
    return { orderId, session, amountMinor };
  }

  /** An order that its customer pays. */
  async sell(quantity = 1, metadata: Record<string, string> = {}): Promise<Sale> {
    const sale = await this.order(quantity, metadata);
    await payHeadless(this.stripe, sale.session);
    return sale;
  }

  /** The newest event of a session. */
  async eventOf({ session }: Pick<Sale, 'session'>): Promise<Stripe.Event> {
    const { data } = await this.stripe.events.list({ type: 'checkout.session.*', limit: 100 });
    const found = data.find((event) => (event.data.object as { id: string }).id === session.id);
    if (!found) throw new Error(`${session.id} has no event`);
    return found;
  }

  /** Sales whose events no path delivers: AWS takes them and drops them, and the webhook is disabled. */
  async lost<T extends Pick<Sale, 'session'>>(work: () => Promise<T[]>): Promise<T[]> {
    const events = new EventBridgeClient(this.cloud.client);
    const Name = (await this.outputs()).EventBusName;
    const [endpoint] = (await this.stripe.webhookEndpoints.list()).data;
    const webhook = (disabled: boolean) =>
      endpoint && this.stripe.webhookEndpoints.update(endpoint.id, { disabled });
    await events.send(new DeactivateEventSourceCommand({ Name }));
    await webhook(true);
    const sales = await work();
    await this.sentBy(['eventbridge'], sales);
    await events.send(new ActivateEventSourceCommand({ Name }));
    await webhook(false);
    return sales;
  }

  /** Waits until Stripe has nothing more to send to EventBridge, late copies included. */
  async allSent(): Promise<void> {
    const deliveries = this.cloud.cloud.store.table<{ receiver: string }>('stripe.deliveries');
    await until(
      () => deliveries.values().every(({ receiver }) => !receiver.startsWith('ed_')),
      'Stripe has sent everything',
    );
  }

  /** Waits until Stripe has tried to bring the events of these sales to every receiver. */
  sent(...sales: Pick<Sale, 'session'>[]): Promise<void> {
    return this.sentBy(this.webhook ? ['eventbridge', 'webhook'] : ['eventbridge'], sales);
  }

  private async sentBy(paths: string[], sales: Pick<Sale, 'session'>[]): Promise<void> {
    for (const sale of sales) {
      const { id } = await this.eventOf(sale);
      await until(() => paths.every((path) => this.arrived.has(`${id} ${path}`)), `${id} is sent`);
    }
  }

  /** Waits until these sales are in the ledger by so many paths. */
  async recorded(paths: number, ...sales: Pick<Sale, 'session'>[]): Promise<void> {
    for (const sale of sales) {
      const { id } = await this.eventOf(sale);
      await until(async () => {
        const [row] = await this.rows(
          'SELECT COUNT(DISTINCT via) AS paths FROM stripe_event_arrivals WHERE event_id = ?',
          [id],
        );
        return Number(row?.paths) >= paths;
      }, `${id} arrives`);
    }
  }

  async rows(sql: string, values: unknown[] = []): Promise<RowDataPacket[]> {
    return (await this.database.query<RowDataPacket[]>(sql, values))[0];
  }

  async write(sql: string, values: unknown[] = []): Promise<ResultSetHeader> {
    return (await this.database.query<ResultSetHeader>(sql, values))[0];
  }

  async outputs(): Promise<Record<string, string>> {
    const { Stacks } = await new CloudFormationClient(this.cloud.client).send(
      new DescribeStacksCommand({ StackName: 'cachao-dev' }),
    );
    return Object.fromEntries(
      (Stacks?.[0]?.Outputs ?? []).map((output) => [output.OutputKey ?? '', output.OutputValue ?? '']),
    );
  }

  /** Duplicates some of the deliveries, on both clouds. */
  async duplicate(rate: number): Promise<void> {
    for (const side of ['events', 'stripe'])
      await askAdmin(this.cloud, `${side}/unkindness`, 'PUT', { duplicateRate: rate });
  }

  private async stock(): Promise<void> {
    const ticket = await this.write(
      "INSERT INTO tickets (event_id, name, price, quantity, sold_quantity) VALUES (1, 'Evening', '12.50', 1000, 0)",
    );
    const code = await this.write("INSERT INTO discount_codes (code, used_count) VALUES ('EARLY', 0)");
    this.ticketId = ticket.insertId;
    this.discountCodeId = code.insertId;
  }
}

/** Looks until it holds, and says what it waited for when that is not to be expected any more on any machine. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let look = 0; look < 45_000; look++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`it did not come to pass that ${what}`);
}
