import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mariadb, noMariadb, type TestDatabase } from '../handlers/support/databases.js';
import { startTestCloud, type TestCloud } from '../support/local-cloud.js';
import { describeWhere } from '../support/where.js';
import { type CliResult, cachao, workingDirectory } from './support/cli.js';
import { environmentFor } from './support/clouds.js';

/** Made before the tests are collected; null where there is no MariaDB. */
const database: TestDatabase | null = await mariadb();

/** The same commands and functions, with the orders in a real MariaDB instead of the embedded database. */
describeWhere(database !== null, noMariadb())('setup and checkout on MariaDB', () => {
  const directory = workingDirectory();
  let cloud: TestCloud;
  let connection: Connection;
  let setup: CliResult;

  const run = (...args: string[]) => runWith(database?.url ?? '', ...args);
  const runWith = (databaseUrl: string, ...args: string[]) => {
    const url = new URL(databaseUrl);
    const password = decodeURIComponent(url.password);
    url.password = '';
    return cachao(args, {
      cwd: directory.path,
      environment: {
        ...environmentFor(cloud),
        CACHAO_DATABASE: url.href,
        CACHAO_DATABASE_PASSWORD: password,
      },
    });
  };
  async function rows(statement: string, ...values: string[]) {
    const [found] = await connection.execute<RowDataPacket[]>(statement, values);
    return found;
  }

  beforeAll(async () => {
    const { hostname, port, username, password, pathname } = new URL(database?.url ?? '');
    connection = await createConnection({
      host: hostname,
      port: Number(port || 3306),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database: pathname.slice(1),
    });
    cloud = await startTestCloud();
    setup = await run('setup', '--yes', '--json');
  });
  afterAll(async () => {
    await cloud?.close();
    await connection?.end();
    await database?.close();
    await directory.remove();
  });

  it('is a MariaDB that was set up, and proven with a checkout', async () => {
    expect(setup.code, setup.stdout + setup.stderr).toBe(0);
    expect(JSON.parse(setup.stdout).checkout).toMatchObject({ passed: true, orderStatus: 'paid' });
    expect((await rows('SELECT VERSION() AS version'))[0]?.version).toContain('MariaDB');
    const tables = (await rows('SHOW TABLES')).map((row) => Object.values(row)[0]);
    expect(tables).toEqual(
      expect.arrayContaining(['stripe_events', 'stripe_event_arrivals', 'ticket_orders']),
    );
  });

  it('has in its ledger the event that paid the order of a checkout, and its arrival on each path', async () => {
    const checkout = await run('checkout', '--json');
    expect(checkout.code, checkout.stdout + checkout.stderr).toBe(0);
    const { eventId, orderId, sessionId, testOrderRemoved } = JSON.parse(checkout.stdout).checkout;
    expect(await rows('SELECT * FROM stripe_events WHERE event_id = ?', eventId)).toMatchObject([
      { outcome: 'paid', order_id: orderId, session_id: sessionId, event_type: 'checkout.session.completed' },
    ]);
    const arrivals = await rows('SELECT via FROM stripe_event_arrivals WHERE event_id = ?', eventId);
    expect(arrivals.map((arrival) => arrival.via).sort()).toEqual(['eventbridge', 'webhook']);
    expect(testOrderRemoved).toBe(true);
    expect(await rows('SELECT * FROM ticket_orders WHERE id = ?', orderId)).toEqual([]);
  });

  it('paid each order of its checkouts once', async () => {
    const paid = await rows(
      "SELECT order_id, COUNT(*) AS times FROM stripe_events WHERE outcome = 'paid' GROUP BY order_id",
    );
    expect(paid.map((row) => Number(row.times))).toEqual([1, 1]);
  });

  it('is left by every warm function when the stage moves to another database, before that is migrated and proven', async () => {
    const there = (await mariadb()) as TestDatabase;
    const schema = new URL(there.url).pathname.slice(1);
    const moved = await runWith(there.url, 'setup', '--yes', '--json', '--create-shop-tables');
    expect(moved.code, moved.stdout + moved.stderr).toBe(0);
    const { changes, checkout } = JSON.parse(moved.stdout);
    expect(changes).toEqual(
      expect.arrayContaining([expect.objectContaining({ check: 'database.used', action: 'wait' })]),
    );
    expect(checkout.database).toHaveLength(4);
    for (const { database: used } of checkout.database)
      expect(used).toMatchObject({ reachable: true, schema, parameterVersion: 2 });
    const paid = await rows(`SELECT event_id, outcome FROM ${schema}.stripe_events`);
    expect(paid).toMatchObject([{ event_id: checkout.eventId, outcome: 'paid' }]);
    expect(await rows('SELECT event_id FROM stripe_events WHERE event_id = ?', checkout.eventId)).toEqual([]);
    await there.close();
  }, 180_000);
});
