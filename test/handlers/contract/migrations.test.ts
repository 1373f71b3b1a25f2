import { expect, it } from 'vitest';
import { gapsOf, lostParts } from '../../../handlers/operations/gaps.js';
import { migrate } from '../../../handlers/operations/migrate.js';
import { MIGRATIONS } from '../../../handlers/operations/migrations.js';
import { Database, type Row } from '../../../handlers/shared/database/database.js';
import { addressAt, placeAt } from '../support/databases.js';
import { CONFIGURATION } from '../support/events.js';
import { startFaultProxy } from '../support/fault-proxy.js';
import { onBoth } from './on-both.js';

const ID = 'VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin';
const EVENTS = {
  event_id: `${ID} NOT NULL`,
  event_type: `${ID} NOT NULL`,
  created_at: 'DATETIME(3) NOT NULL',
  livemode: 'TINYINT(1) NOT NULL',
  session_id: `${ID} NULL`,
  order_id: 'VARCHAR(255) NULL',
  outcome: 'VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL',
  processed_at: 'DATETIME(3) NOT NULL',
};
const ROW: Record<string, string | number | null> = {
  event_id: 'evt_1',
  event_type: 'checkout.session.completed',
  created_at: '2026-11-01 10:00:00.000',
  livemode: 0,
  session_id: 'cs_1',
  order_id: '7',
  outcome: 'paid',
  processed_at: '2026-11-01 10:00:02.500',
};

await onBoth('migrations', ({ database, server }) => {
  const run = (...statements: string[]) =>
    database.transaction(async (transaction) => {
      for (const statement of statements) await transaction.change(statement);
    });
  const rows = (sql: string): Promise<Row[]> => database.transaction((transaction) => transaction.rows(sql));
  const lost = () =>
    database.transaction(async (transaction) => (await gapsOf(transaction)).flatMap(lostParts));
  const repair = () => migrate(database, CONFIGURATION, { createShopTables: false });

  /** Makes stripe_events anew as it is after somebody's hand was on it, with one row. */
  async function leave(without: readonly string[], keys: readonly string[]): Promise<void> {
    const names = Object.keys(EVENTS).filter((name) => !without.includes(name)) as (keyof typeof EVENTS)[];
    await run(
      'DROP TABLE stripe_events',
      `CREATE TABLE stripe_events (${[...names.map((name) => `${name} ${EVENTS[name]}`), ...keys].join(', ')}) ENGINE=InnoDB`,
    );
    await insert(database, names);
  }

  it('has nothing to do where nothing is gone', async () => {
    expect(await lost()).toEqual([]);
    expect(await repair()).toEqual({
      applied: [],
      shopTablesCreated: false,
      database: expect.objectContaining({ reachable: true }),
    });
  });

  it.each([...new Set(MIGRATIONS.map(({ table }) => table))])(
    'makes %s again when it was dropped',
    async (table) => {
      await run(`DROP TABLE ${table}`);
      expect(await lost()).toEqual([`table ${table}`]);
      const names = MIGRATIONS.filter((one) => one.table === table).map(({ name }) => name);
      expect((await repair()).applied).toEqual(names);
      const entered = table === 'cachao_stages' ? '1' : '0';
      expect(await rows(`SELECT COUNT(*) AS n FROM ${table}`)).toEqual([{ n: entered }]);
      expect(await lost()).toEqual([]);
    },
  );

  const KEY = {
    session: 'KEY by_session (session_id)',
    created: 'KEY by_created (created_at)',
    processed: 'KEY by_processed (processed_at)',
    outcome: 'KEY by_outcome (outcome)',
  };
  const keys = (...without: (keyof typeof KEY)[]) => [
    'PRIMARY KEY (event_id)',
    ...(Object.keys(KEY) as (keyof typeof KEY)[])
      .filter((name) => !without.includes(name))
      .map((name) => KEY[name]),
  ];
  const KEYS = keys();
  it.each([
    ['session_id', ['session'], null],
    ['order_id', [], null],
    ['outcome', ['outcome'], 'no-change'],
    ['processed_at', ['processed'], ROW.created_at],
    ['created_at', ['created'], ROW.processed_at],
    ['event_type', [], ''],
    ['livemode', [], '0'],
  ] as const)(
    'gives the ledger its column %s back, and keeps what is there',
    async (column, without, value) => {
      await leave([column], keys(...without));
      expect(await lost()).toContain(`column stripe_events.${column}`);
      const isIndexed = column === 'outcome' || column === 'processed_at';
      expect((await repair()).applied).toEqual([
        '0001-stripe-events',
        ...(isIndexed ? ['0007-ledger-indexes'] : []),
      ]);
      const [row] = await rows('SELECT * FROM stripe_events');
      expect(row).toEqual({ ...ROW, livemode: '0', [column]: value });
      expect(await lost()).toEqual([]);
    },
  );

  it('gives it its indexes back; one of another name on the same columns will do', async () => {
    await leave([], ['PRIMARY KEY (event_id)', 'KEY their_own (created_at, order_id)', KEY.outcome]);
    expect(await lost()).toEqual(['index stripe_events.by_session', 'index stripe_events.by_processed']);
    expect((await repair()).applied).toEqual(['0001-stripe-events', '0007-ledger-indexes']);
    expect(await lost()).toEqual([]);
    expect((await rows('SELECT event_id FROM stripe_events')).length).toBe(1);
  });

  it('says that an index is being made where that takes longer than anybody waits, and has it afterwards', async () => {
    await leave([], keys('processed'));
    const address = addressAt(server.url);
    const proxy = await startFaultProxy(address);
    const limits = { patienceMs: 1_000, statementMs: 1_000 };
    const slow = new Database(placeAt({ ...address, host: '127.0.0.1', port: proxy.port }), limits);
    proxy.plan({ kind: 'late', at: 'CREATE INDEX' });
    await expect(migrate(slow, CONFIGURATION, { createShopTables: false })).rejects.toMatchObject({
      code: 'INDEX_BEING_MADE',
      message: expect.stringMatching(/by_processed of stripe_events.*Run the same command again/),
    });
    await slow.close();
    await proxy.close();
    await repair();
    expect(await lost()).toEqual([]);
  });

  it('remembers since when it records, where only the table of migrations is gone', async () => {
    await leave([], KEYS);
    await run('DROP TABLE cachao_migrations');
    expect((await repair()).applied).toHaveLength(MIGRATIONS.length);
    const [ledger] = await rows("SELECT applied_at FROM cachao_migrations WHERE name = '0001-stripe-events'");
    expect(ledger?.applied_at).toBe(ROW.processed_at);
    expect(await lost()).toEqual([]);
  });

  it('never alters a table that is not ours, nor one that lost what says which row is which', async () => {
    await run('DROP TABLE cachao_migrations', 'DROP TABLE stripe_events');
    await run('CREATE TABLE stripe_events (id INT NOT NULL PRIMARY KEY, title TEXT NULL) ENGINE=InnoDB');
    await expect(repair()).rejects.toMatchObject({ code: 'TABLE_NAME_TAKEN' });
    expect((await rows('SELECT * FROM stripe_events')).length).toBe(0);
    await run('DROP TABLE stripe_events');
    await repair();
    await leave(['event_id'], [KEY.session]);
    await expect(repair()).rejects.toMatchObject({
      code: 'TABLE_NAME_TAKEN',
      message: expect.stringMatching(/has no column event_id.*Rename it/),
    });
    await run('DROP TABLE stripe_events');
    expect((await repair()).applied).toEqual(['0001-stripe-events', '0007-ledger-indexes']);
  });
});

async function insert(database: Database, names: readonly string[]): Promise<void> {
  await database.transaction((transaction) =>
    transaction.change(
      `INSERT INTO stripe_events (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      names.map((name) => ROW[name] ?? null),
    ),
  );
}
