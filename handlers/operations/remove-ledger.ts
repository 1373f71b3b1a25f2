import type { Operations } from '../contract/operations.js';
import type { Database } from '../shared/database/database.js';
import { enginesOf } from './catalog.js';
import { appliedMigrations } from './gaps.js';
import { MIGRATIONS, MIGRATIONS_TABLE_NAME } from './migrations.js';

/**
 * Drops the tables that our migrations made. Which those are is read from the table of migrations, so it goes last: a
 * run that was cut short is completed by the next.
 */
export async function removeLedger(database: Database): Promise<Operations['remove-ledger']['response']> {
  return database.transaction(async (transaction) => {
    const own = [...new Set(MIGRATIONS.map(({ table }) => table)), MIGRATIONS_TABLE_NAME];
    const present = await enginesOf(transaction, own);
    if (!present.has(MIGRATIONS_TABLE_NAME)) return { removed: [] };
    const applied = new Set(await appliedMigrations(transaction));
    const made = MIGRATIONS.filter(({ name, table }) => applied.has(name) && present.has(table));
    const removed = [...new Set(made.map(({ table }) => table)), MIGRATIONS_TABLE_NAME];
    for (const table of removed) await transaction.change(`DROP TABLE \`${table}\``);
    return { removed };
  });
}
