import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SECRET_MAXIMUM_AGE_MS } from '../../handlers/contract/environment.js';
import { type FunctionProbe, PROBE_REQUEST } from '../../handlers/contract/probe.js';
import type { Database } from '../../handlers/shared/database/database.js';
import { itWhere } from '../support/where.js';
import { buildBundles } from './support/bundles.js';
import { embedded, mariadb, open, type TestDatabase } from './support/databases.js';
import { envelope } from './support/envelopes.js';
import { type Environment, startEnvironment } from './support/environment.js';
import { checkoutSession, stripeEvent } from './support/events.js';
import { startProxy } from './support/flaky-proxy.js';
import { functionEnvironment, startParameterStore } from './support/parameter-store.js';
import { prepare, sell, stateOf } from './support/shop.js';

const PARAMETER = '/cachao/test/database';
const bundles = await buildBundles();
// Where there is no MariaDB, that was printed.
const isThere = await mariadb().then(async (one) => {
  await one?.close();
  return one !== null;
});
const servers = [
  { name: 'embedded', start: embedded },
  ...(isThere ? [{ name: 'MariaDB', start: mariadb }] : []),
];
afterAll(() => bundles.remove());

describe.each(servers)('a database that moves ($name)', ({ name, start }) => {
  const running: Environment[] = [];
  let here: TestDatabase;
  let there: TestDatabase;
  let orders: { here: Database; there: Database };
  let store: Awaited<ReturnType<typeof startParameterStore>>;

  beforeAll(async () => {
    here = (await start()) as TestDatabase;
    there = (await start()) as TestDatabase;
    orders = { here: open(here), there: open(there) };
    await prepare(orders.here);
    await prepare(orders.there);
  });
  beforeEach(async () => {
    store = await startParameterStore({ [PARAMETER]: here.url });
  });
  afterEach(async () => {
    for (const environment of running.splice(0)) await environment.kill();
    await store.close();
  });
  afterAll(async () => {
    await orders.here.close();
    await orders.there.close();
    await here.close();
    await there.close();
  });

  const startFunction = async (function_ = 'stripe-event') => {
    const environment = await startEnvironment(bundles.bundle(function_), {
      ...functionEnvironment(store.url),
      CACHAO_EVENT_SOURCE: 'aws.partner/stripe.com/ed_test_61abc',
    });
    running.push(environment);
    return environment;
  };
  const used = async (environment: Environment) =>
    ((await environment.invoke(PROBE_REQUEST)).result as Extract<FunctionProbe, { stage: string }>).database;
  const deliver = (environment: Environment, sale?: { orderId: string }) =>
    environment.invoke(
      envelope(
        sale
          ? stripeEvent('checkout.session.completed', checkoutSession(sale.orderId))
          : stripeEvent('charge.updated', {}),
      ),
    );
  const nowhere = (url: string) => {
    const changed = new URL(url);
    changed.hostname = 'nowhere.invalid';
    return changed.href;
  };

  it('is found half a minute after it moved, by warm functions and cold ones, and orders are paid there', async () => {
    const warm = await startFunction();
    await deliver(warm);
    store.values[PARAMETER] = there.url;
    const cold = await startFunction();
    const sale = await sell(orders.there);
    expect((await deliver(cold, sale)).result).toMatchObject({ outcome: 'paid' });
    warm.lieIdle(SECRET_MAXIMUM_AGE_MS - 5_000);
    expect(await used(warm)).toMatchObject({ parameterVersion: 1 });
    warm.lieIdle(5_000);
    const another = await sell(orders.there);
    expect((await deliver(warm, another)).result).toMatchObject({ outcome: 'paid' });
    expect(await stateOf(orders.there, another)).toMatchObject({ status: 'paid', sold: 7 });
    const [first, second] = [await used(warm), await used(cold)];
    expect(first).toMatchObject({ reachable: true, parameter: PARAMETER, parameterVersion: 2 });
    expect({ ...first, latencyMs: 0 }).toEqual({ ...second, latencyMs: 0 });
  });

  it('is kept with its connection while the parameter is the same', async () => {
    const proxy = await startProxy(addressOf(here.url));
    store.values[PARAMETER] = at(here.url, proxy.port);
    const environment = await startFunction();
    for (let round = 0; round < 4; round++) {
      expect((await deliver(environment)).result).toMatchObject({ outcome: 'ignored-type' });
      environment.lieIdle(SECRET_MAXIMUM_AGE_MS + 1);
    }
    expect(proxy.connections()).toBe(1);
    expect(store.asked).toHaveLength(4);
    await proxy.close();
  });

  it.each([
    ['a host that does not exist', nowhere],
    [
      'TLS that the server does not speak',
      (url: string) => url.replace('?tls=off', '').replace(/&tls=off/, ''),
    ],
    [
      'a password that is not right',
      (url: string) => url.replace(/:[^:@/]*@/, ':wrong@').replace('//root@', '//root:wrong@'),
    ],
    ['a database that does not exist', (url: string) => url.replace(/\/(\w+)\?/, '/nothing_here?')],
    ['a value that is no URL', () => 'not-a-url'],
  ])('is reached at once when %s was corrected', async (_title, spoil) => {
    store.values[PARAMETER] = spoil(here.url);
    const environment = await startFunction();
    expect((await deliver(environment)).error).toMatch(/^(DATABASE_UNAVAILABLE|CONFIGURATION)$/);
    store.values[PARAMETER] = here.url;
    expect((await deliver(environment)).result).toMatchObject({ outcome: 'ignored-type' });
  });

  it('is reached at once when its old host is gone and it moved to a new one', async () => {
    const proxy = await startProxy(addressOf(here.url));
    store.values[PARAMETER] = at(here.url, proxy.port);
    const environment = await startFunction();
    await deliver(environment);
    await proxy.close();
    store.values[PARAMETER] = there.url;
    const sale = await sell(orders.there);
    expect((await deliver(environment, sale)).result).toMatchObject({ outcome: 'paid' });
  });

  itWhere(name === 'MariaDB', 'only MariaDB has it')(
    'is reached at once when its password was rotated and the connection was lost',
    async () => {
      const proxy = await startProxy(addressOf(here.url));
      const user = `u_${here.url.slice(-20).replace(/\W/g, '')}`;
      const as = (password: string) => {
        const url = new URL(at(here.url, proxy.port));
        url.username = user;
        url.password = password;
        return url.href;
      };
      const run = (sql: string) => orders.here.transaction((transaction) => transaction.change(sql));
      await run(`CREATE USER ${user}@'%' IDENTIFIED BY 'one'`);
      await run(`GRANT ALL ON ${new URL(here.url).pathname.slice(1)}.* TO ${user}@'%'`);
      store.values[PARAMETER] = as('one');
      const environment = await startFunction();
      expect((await deliver(environment)).result).toMatchObject({ outcome: 'ignored-type' });
      await run(`ALTER USER ${user}@'%' IDENTIFIED BY 'two'`);
      store.values[PARAMETER] = as('two');
      proxy.cutAll();
      expect((await deliver(environment)).result).toMatchObject({ outcome: 'ignored-type' });
      await run(`DROP USER ${user}@'%'`);
      await proxy.close();
    },
  );

  it('is what every function says it uses, and nothing is recorded of the question', async () => {
    for (const function_ of ['stripe-event', 'stripe-webhook', 'drain'])
      expect(await used(await startFunction(function_)), function_).toMatchObject({
        reachable: true,
        parameter: PARAMETER,
        parameterVersion: 1,
        host: new URL(here.url).hostname,
        schema: new URL(here.url).pathname.slice(1),
        serverName: expect.stringMatching(/./),
        recordingSince: expect.stringMatching(/^\d{4}-.*Z$/),
      });
    const operations = await startFunction('operations');
    const ask = async () =>
      (await operations.invoke({ operation: 'probe' })).result as { result: { database: unknown } };
    expect((await ask()).result.database).toMatchObject({ parameterVersion: 1 });
    // It is asked by those who want to know what holds now.
    store.values[PARAMETER] = there.url;
    expect((await ask()).result.database).toMatchObject({ parameterVersion: 2 });
  });

  it('is used as it was while SSM throttles, for a quarter of an hour, with a line in the log', async () => {
    const environment = await startFunction();
    await deliver(environment);
    store.throttle(true);
    environment.lieIdle(SECRET_MAXIMUM_AGE_MS + 1);
    expect((await deliver(environment)).result).toMatchObject({ outcome: 'ignored-type' });
    expect(environment.log()).toMatch(/"level":"WARN".*ThrottlingException.*Version 1/);
    environment.lieIdle(16 * 60_000);
    expect(await deliver(environment)).toMatchObject({
      error: 'CONFIGURATION',
      message: expect.stringContaining('ThrottlingException'),
    });
    store.throttle(false);
    expect((await deliver(environment)).result).toMatchObject({ outcome: 'ignored-type' });
  });
});

function addressOf(url: string) {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port || 3306) };
}

function at(url: string, port: number): string {
  const changed = new URL(url);
  changed.hostname = '127.0.0.1';
  changed.port = String(port);
  return changed.href;
}
