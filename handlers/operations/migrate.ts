import type { DriverError } from '../contract/database-failures.js';
import { LEDGER_MIGRATION } from '../contract/ledger.js';
import type { Operations } from '../contract/operations.js';
import type { Configuration } from '../shared/configuration.js';
import type { Database, Transaction } from '../shared/database/database.js';
import { isoTime, sqlTime } from '../shared/database/time.js';
import { describeUse } from '../shared/probe.js';
import { columnNamesOf, enginesOf } from './catalog.js';
import { type Gap, gapsOf } from './gaps.js';
import {
  type Column,
  MIGRATIONS_TABLE,
  MIGRATIONS_TABLE_NAME,
  type Migration,
  TABLE_OPTIONS,
} from './migrations.js';
import { RequestError } from './request-error.js';
import { SHOP_TABLES, shopTableStatements } from './shop-tables.js';
import { enterStage, stagesOf } from './stages.js';

/** Brings our own tables up to date. The shop's are made only when none of them exists and the caller allows it. */
export async function migrate(
  database: Database,
  configuration: Configuration,
  { createShopTables }: Operations['migrate']['request'],
): Promise<Operations['migrate']['response']> {
  return database.transaction(async (transaction, place) => {
    const shopTablesCreated = createShopTables && (await createShop(transaction, configuration));
    await transaction.change(MIGRATIONS_TABLE);
    const gaps = await gapsOf(transaction);
    for (const gap of gaps) await fill(transaction, gap);
    await enterStage(transaction, configuration, await recordedSince(transaction));
    const applied = gaps.map(({ migration }) => migration.name);
    return { applied, shopTablesCreated, database: await describeUse(transaction, place, configuration) };
  });
}

/** Makes what is missing, whatever was there before; then it is recorded. */
async function fill(transaction: Transaction, gap: Gap): Promise<void> {
  const { migration } = gap;
  const { table, primaryKey, keys = {} } = migration;
  // A table of another name's owner may stand there: without our record, and without our columns, it is not ours.
  const strange = gap.columns.filter((column) => (gap.recorded ? !isRestorable(column) : primaryKey));
  if (!gap.table && strange.length > 0) throw taken(table, strange);
  if (gap.table && primaryKey) await transaction.change(createStatement(migration, primaryKey));
  else {
    for (const column of gap.columns) await addColumn(transaction, table, column);
    if (gap.primaryKey && primaryKey)
      await transaction.change(`ALTER TABLE ${table} ADD PRIMARY KEY (${primaryKey.join(', ')})`);
    for (const name of gap.keys) await addIndex(transaction, table, name, keys[name] ?? []);
  }
  // Two migrations at once: the first one's time stands.
  await transaction.change(`INSERT IGNORE INTO ${MIGRATIONS_TABLE_NAME} (name, applied_at) VALUES (?, ?)`, [
    migration.name,
    await beginning(transaction, gap),
  ]);
}

function createStatement({ table, columns, keys = {} }: Migration, primaryKey: readonly string[]): string {
  const parts = [
    ...columns.map(definition),
    `PRIMARY KEY (${primaryKey.join(', ')})`,
    ...Object.entries(keys).map(([name, indexed]) => `KEY ${name} (${indexed.join(', ')})`),
  ];
  return `CREATE TABLE IF NOT EXISTS ${table} (${parts.join(', ')}) ${TABLE_OPTIONS}`;
}

function definition({ name, type, nullable, comment }: Column): string {
  return `${name} ${type} ${nullable ? 'NULL' : 'NOT NULL'}${comment ? ` COMMENT '${comment}'` : ''}`;
}

const isRestorable = (column: Column): boolean => column.nullable === true || column.lost !== undefined;

async function addColumn(transaction: Transaction, table: string, column: Column): Promise<void> {
  const filler = column.lost === undefined ? '' : ` DEFAULT ${column.lost}`;
  await transaction.change(`ALTER TABLE ${table} ADD COLUMN ${definition(column)}${filler}`);
  if (!column.like) return;
  const present = (await columnNamesOf(transaction, [table])).get(table);
  if (present?.has(column.like))
    await transaction.change(`UPDATE ${table} SET ${column.name} = ${column.like}`);
}

/** What the driver says when a statement got no answer in time; the server goes on with it. */
const NO_ANSWER = 'PROTOCOL_SEQUENCE_TIMEOUT';

/** Payments go on meanwhile. On a table of many millions of rows it takes longer than anybody waits here. */
async function addIndex(
  transaction: Transaction,
  table: string,
  name: string,
  columns: readonly string[],
): Promise<void> {
  try {
    await transaction.change(`CREATE INDEX ${name} ON ${table} (${columns.join(', ')}) LOCK = NONE`);
  } catch (error) {
    if ((error as DriverError).code !== NO_ANSWER) throw error;
    throw new RequestError(
      'INDEX_BEING_MADE',
      `The database is making the index ${name} of ${table}, which takes longer than usual because the table is large. Payments go on meanwhile. Run the same command again in a few minutes.`,
      { cause: error },
    );
  }
}

/** The first stage to be entered has recorded for as long as there is a ledger; a later one begins now. */
async function recordedSince(transaction: Transaction): Promise<Date> {
  if ((await stagesOf(transaction)).length > 0) return new Date();
  const [row] = await transaction.rows(`SELECT applied_at FROM ${MIGRATIONS_TABLE_NAME} WHERE name = ?`, [
    LEDGER_MIGRATION,
  ]);
  return new Date(isoTime(row?.applied_at));
}

/** When it was applied: now; where only the record was lost, when the ledger's first row was written. */
async function beginning(transaction: Transaction, { migration, table }: Gap): Promise<string> {
  if (migration.name === LEDGER_MIGRATION && !table) {
    const [row] = await transaction.rows('SELECT MIN(processed_at) AS first FROM stripe_events');
    if (row?.first) return row.first;
  }
  return sqlTime(new Date());
}

function taken(table: string, missing: readonly Column[]): RequestError {
  const names = missing.map(({ name }) => name).join(', ');
  return new RequestError(
    'TABLE_NAME_TAKEN',
    `The table ${table} has no column ${names}: it is not ours, or cannot be repaired. Rename it, then migrate again; what it recorded, Stripe can be asked for (cachao reconcile).`,
  );
}

async function createShop(transaction: Transaction, { currency }: Configuration): Promise<boolean> {
  const existing = await enginesOf(transaction, SHOP_TABLES);
  if (existing.size > 0) return false;
  for (const statement of shopTableStatements(currency)) await transaction.change(statement);
  return true;
}
