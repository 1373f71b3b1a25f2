import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import type Stripe from 'stripe';
import { COMMAND_PERMISSIONS } from '../../../src/policy/commands.js';
import { needsOf, together } from '../../../src/policy/needs.js';
import { parseTemplate } from '../../../src/stack/template.js';
import type { TestDatabase } from '../../handlers/support/databases.js';
import { payHeadless } from '../../local-cloud/stripe/support.js';
import { startTestCloud, type TestCloud } from '../../support/local-cloud.js';
import { type CliResult, cachao, workingDirectory } from './cli.js';
import { confine } from './least-privilege.js';
import { schemaErrors } from './schema.js';
import type { Document } from './set-up.js';
import { stripeOf } from './world.js';

const LATER = fileURLToPath(new URL('./later.mjs', import.meta.url));
const TEMPLATE = fileURLToPath(new URL('../../../infra/template.yaml', import.meta.url));

/** The tables of a shop that was there first. They are not those that cachao would make. */
const SHOP_TABLES = [
  `CREATE TABLE events (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, title VARCHAR(120) NOT NULL) ENGINE=InnoDB`,
  `CREATE TABLE tickets (
     id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, event_id INT UNSIGNED NOT NULL, label VARCHAR(80) NOT NULL,
     price DECIMAL(10,2) NOT NULL, sold_quantity INT UNSIGNED NOT NULL DEFAULT 0, FOREIGN KEY (event_id) REFERENCES events (id)
   ) ENGINE=InnoDB`,
  `CREATE TABLE discount_codes (
     id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, code VARCHAR(40) NOT NULL UNIQUE, used_count INT UNSIGNED NOT NULL DEFAULT 0
   ) ENGINE=InnoDB`,
  `CREATE TABLE ticket_orders (
     id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, event_id INT UNSIGNED NOT NULL, ticket_id INT UNSIGNED NOT NULL,
     email VARCHAR(190) NOT NULL, quantity SMALLINT UNSIGNED NOT NULL, unit_price DECIMAL(10,2) NOT NULL,
     discount_amount DECIMAL(10,2) NOT NULL DEFAULT 0, discount_code_id INT UNSIGNED NULL, total_amount DECIMAL(10,2) NOT NULL,
     status ENUM('pending','paid','expired','failed','refunded') NOT NULL DEFAULT 'pending', locale CHAR(2) NOT NULL,
     stripe_checkout_session_id VARCHAR(255) NULL UNIQUE, stripe_payment_intent_id VARCHAR(255) NULL,
     FOREIGN KEY (ticket_id) REFERENCES tickets (id), FOREIGN KEY (event_id) REFERENCES events (id)
   ) ENGINE=InnoDB`,
];

export interface RealSale {
  stage: string;
  orderId: string;
  session: Stripe.Checkout.Session;
}

/**
 * How real users run cachao: without `--local`, with endpoints and keys from the environment, a restricted key, a
 * configuration file with a stage for each database, and in each a shop that was there first.
 */
export class RealWay {
  private readonly directory = workingDirectory();
  private readonly connections = new Map<string, Connection>();

  private constructor(
    readonly cloud: TestCloud,
    /** By stage. */
    readonly databases: ReadonlyMap<string, TestDatabase>,
    private environment: Record<string, string>,
  ) {}

  static async open(databases: Record<string, TestDatabase>): Promise<RealWay> {
    const cloud = await startTestCloud();
    const { CACHAO_DATABASE, CACHAO_DATABASE_PASSWORD, ...exported } = cloud.environment;
    const password = decodeURIComponent(new URL(Object.values(databases)[0]?.url ?? '').password);
    const way = new RealWay(cloud, new Map(Object.entries(databases)), {
      ...exported,
      CACHAO_DATABASE_PASSWORD: password,
    });
    way.configure();
    for (const stage of Object.keys(databases)) await way.makeShop(stage);
    await way.restrict();
    return way;
  }

  async close(): Promise<void> {
    for (const connection of this.connections.values()) await connection.end();
    await this.cloud.close();
    for (const database of this.databases.values()) await database.close();
    await this.directory.remove();
  }

  get cwd(): string {
    return this.directory.path;
  }

  run(
    args: string[],
    environment: Record<string, string | undefined> = {},
    started?: (child: ChildProcess) => void,
  ): Promise<CliResult> {
    const options = { cwd: this.cwd, environment: this.exported(environment) };
    return cachao(args, { ...options, ...(started ? { started } : {}) });
  }

  /** What a shell has that points at these clouds. */
  exported(more: Record<string, string | undefined> = {}): Record<string, string> {
    const given = Object.entries({ ...this.environment, ...more });
    return Object.fromEntries(given.filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  /** With `--json`; the document follows its schema, and its exit code is the process's. */
  async report(args: string[], environment: Record<string, string | undefined> = {}) {
    const result = await this.run([...args, '--json'], environment);
    const report = JSON.parse(result.stdout) as Document & Record<string, never>;
    const wrong = schemaErrors(report as unknown as { schema: string });
    if (wrong.length > 0) throw new Error(`not as its schema says: ${wrong.join('; ')}`);
    if (report.exitCode !== result.code) throw new Error(`exited ${result.code}, says ${report.exitCode}`);
    return { ...result, report, told: `${result.stdout}${result.stderr}` };
  }

  /** From now on commands live so much later, as the cloud does. */
  async pass(milliseconds: number): Promise<void> {
    await this.cloud.cloud.clock.advance(milliseconds);
    this.environment = {
      ...this.environment,
      NODE_OPTIONS: `--import=${LATER}`,
      CACHAO_TEST_AHEAD_MS: String(this.cloud.cloud.clock.ahead),
    };
  }

  /** The URL that a user writes: without the password. */
  urlOf(stage: string): string {
    const url = new URL(this.databases.get(stage)?.url ?? '');
    url.password = '';
    return url.href;
  }

  async rows(stage: string, sql: string, values: unknown[] = []): Promise<RowDataPacket[]> {
    const [rows] = await (await this.connection(stage)).query<RowDataPacket[]>(sql, values);
    return rows;
  }

  async tables(stage: string): Promise<string[]> {
    return (await this.rows(stage, 'SHOW TABLES')).map((row) => String(Object.values(row)[0])).sort();
  }

  /** What the stage's stack says of itself. */
  async outputs(stage: string): Promise<Record<string, string>> {
    const { Stacks } = await new CloudFormationClient(this.cloud.client).send(
      new DescribeStacksCommand({ StackName: `shop-${stage}` }),
    );
    return Object.fromEntries(
      (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    );
  }

  /** An order that a customer pays. */
  async sell(stage: string): Promise<RealSale> {
    const { insertId } = (await this.rows(
      stage,
      `INSERT INTO ticket_orders (event_id, ticket_id, email, quantity, unit_price, total_amount, locale)
       VALUES (1, 1, 'someone@example.com', 2, '12.50', '25.00', 'en')`,
    )) as unknown as { insertId: number };
    const stripe = stripeOf(this.cloud);
    const session = await stripe.checkout.sessions.create({
      mode: 'payment',
      line_items: [
        {
          quantity: 2,
          price_data: { currency: 'eur', unit_amount: 1250, product_data: { name: 'Evening' } },
        },
      ],
      metadata: { order_id: String(insertId), cachao_stage: stage },
      success_url: 'https://shop.example.com/done',
    });
    await this.rows(stage, 'UPDATE ticket_orders SET stripe_checkout_session_id = ? WHERE id = ?', [
      session.id,
      insertId,
    ]);
    await payHeadless(stripe, session);
    return { stage, orderId: String(insertId), session };
  }

  async statusOf({ stage, orderId }: RealSale): Promise<string> {
    const [row] = await this.rows(stage, 'SELECT status FROM ticket_orders WHERE id = ?', [orderId]);
    return String(row?.status);
  }

  private configure(): void {
    const stages = [...this.databases.keys()].map((stage) => [
      stage,
      {
        region: 'eu-west-1',
        currency: 'eur',
        email: null,
        database: this.urlOf(stage),
        stack: { name: `shop-${stage}` },
      },
    ]);
    const content = { defaultStage: stages[0]?.[0], stages: Object.fromEntries(stages) };
    fs.writeFileSync(path.join(this.cwd, 'cachao.config.json'), JSON.stringify(content, null, 2));
  }

  /** A key with the permissions that the commands declare, which `cachao policy` prints, and no others. */
  private async restrict(): Promise<void> {
    const template = parseTemplate(fs.readFileSync(TEMPLATE, 'utf8'));
    const { stripe } = together(COMMAND_PERMISSIONS.map((command) => needsOf(command, template, false)));
    const statements = [{ Effect: 'Allow', Action: ['*'], Resource: ['*'] }];
    const { STRIPE_API_KEY = '' } = await confine(this.cloud, { statements, stripe });
    this.environment = { ...this.environment, STRIPE_API_KEY };
  }

  private async makeShop(stage: string): Promise<void> {
    for (const statement of SHOP_TABLES) await this.rows(stage, statement);
    await this.rows(stage, "INSERT INTO events (title) VALUES ('Evening')");
    await this.rows(stage, "INSERT INTO tickets (event_id, label, price) VALUES (1, 'Stalls', '12.50')");
  }

  private async connection(stage: string): Promise<Connection> {
    const known = this.connections.get(stage);
    if (known) return known;
    const { hostname, port, username, password, pathname } = new URL(this.databases.get(stage)?.url ?? '');
    const connection = await createConnection({
      host: hostname,
      port: Number(port || 3306),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database: pathname.slice(1),
    });
    this.connections.set(stage, connection);
    return connection;
  }
}
