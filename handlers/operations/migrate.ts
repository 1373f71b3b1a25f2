import type { Operations } from '../contract/operations.js';
import type { Configuration } from '../shared/configuration.js';
import type { Database, Transaction } from '../shared/database/database.js';
import { sqlTime } from '../shared/database/time.js';
import { columnsOf, enginesOf } from './catalog.js';
import { MIGRATIONS, MIGRATIONS_TABLE, type Migration } from './migrations.js';
import { RequestError } from './request-error.js';
import { SHOP_TABLES, shopTableStatements } from './shop-tables.js';

/** Brings our own tables up to date. The shop's are made only when none of them exists and the caller allows it. */
export async function migrate(
  database: Database,
  configuration: Configuration,
  { createShopTables }: Operations['migrate']['request'],
): Promise<Operations['migrate']['response']> {
  return database.transaction(async (transaction) => {
    const shopTablesCreated = createShopTables && (await createShop(transaction, configuration));
    await transaction.change(MIGRATIONS_TABLE);
    const done = new Set(await appliedMigrations(transaction));
    const applied: string[] = [];
    for (const migration of MIGRATIONS) {
      if (done.has(migration.name)) continue;
      await apply(transaction, migration);
      applied.push(migration.name);
    }
    return { applied, shopTablesCreated };
  });
}

export async function appliedMigrations(transaction: Transaction): Promise<string[]> {
  const rows = await transaction.rows('SELECT name FROM cachao_migrations ORDER BY name');
  return rows.map((row) => row.name ?? '');
}

async function apply(
  transaction: Transaction,
  { name, table, columns, statement }: Migration,
): Promise<void> {
  await transaction.change(statement);
  const present = new Set((await columnsOf(transaction, table)).map((column) => column.name.toLowerCase()));
  const missing = columns.filter((column) => !present.has(column));
  if (missing.length > 0) {
    throw new RequestError(
      'TABLE_NAME_TAKEN',
      `A table ${table} that is not ours exists already: it has no column ${missing.join(', ')}. Rename it, then migrate again.`,
    );
  }
  // Two migrations at once: the first one's time stands.
  await transaction.change('INSERT IGNORE INTO cachao_migrations (name, applied_at) VALUES (?, ?)', [
    name,
    sqlTime(new Date()),
  ]);
}

async function createShop(transaction: Transaction, { currency }: Configuration): Promise<boolean> {
  const existing = await enginesOf(transaction, SHOP_TABLES);
  if (existing.size > 0) return false;
  for (const statement of shopTableStatements(currency)) await transaction.change(statement);
  return true;
}
