import type { Operations } from '../contract/operations.js';
import type { Configuration } from '../shared/configuration.js';
import type { Database, Transaction } from '../shared/database/database.js';
import { columnNamesOf } from './catalog.js';
import { appliedMigrations } from './gaps.js';
import { LEDGER_TABLES, MIGRATIONS, MIGRATIONS_TABLE_NAME } from './migrations.js';
import { RequestError } from './request-error.js';
import { usersOf } from './stages.js';

const STAGES_TABLE_NAME = 'cachao_stages';

/** Removes what our own tables record of this stage, and the tables themselves when it was the last to use them. */
export async function removeLedger(
  database: Database,
  { stage }: Configuration,
  { dropTables }: Operations['remove-ledger']['request'],
): Promise<Operations['remove-ledger']['response']> {
  return database.transaction(async (transaction) => {
    const present = await columnNamesOf(transaction, [...LEDGER_TABLES, MIGRATIONS_TABLE_NAME]);
    if (!present.has(MIGRATIONS_TABLE_NAME)) return { removed: [] };
    if (dropTables) {
      await refuseShared(transaction, stage);
      return { removed: await dropAll(transaction, present) };
    }
    await removeRows(transaction, stage, present);
    return { removed: [] };
  });
}

type Present = ReadonlyMap<string, ReadonlySet<string>>;

async function refuseShared(transaction: Transaction, stage: string): Promise<void> {
  const { stages, unnamed } = await usersOf(transaction, stage);
  const others = stages.filter((one) => one.stage !== stage).map((one) => one.stage);
  if (others.length > 0)
    throw new RequestError(
      'LEDGER_SHARED',
      `Stage ${others.join(', ')} keeps its ledger in the same tables; they are left where they are.`,
    );
  if (unnamed)
    throw new RequestError(
      'LEDGER_SHARED',
      'Functions of an earlier version write to the same tables; they are left where they are.',
    );
}

/** Which tables are ours is read from the table of migrations, so it goes last: a run that was cut short is completed by the next. */
async function dropAll(transaction: Transaction, present: Present): Promise<string[]> {
  const applied = new Set(await appliedMigrations(transaction));
  const made = MIGRATIONS.filter(({ name, table }) => applied.has(name) && present.has(table));
  const removed = [...new Set(made.map(({ table }) => table)), MIGRATIONS_TABLE_NAME];
  for (const table of removed) await transaction.change(`DROP TABLE \`${table}\``);
  return removed;
}

/** Events stay as long as they arrived at another stage too. That the stage is gone is noted last. */
async function removeRows(transaction: Transaction, stage: string, present: Present): Promise<void> {
  if (present.get('cachao_test_orders')?.has('stage'))
    await transaction.change('DELETE FROM cachao_test_orders WHERE stage = ?', [stage]);
  if (present.get('stripe_event_arrivals')?.has('stage')) {
    await transaction.change('DELETE FROM stripe_event_arrivals WHERE stage = ?', [stage]);
    await transaction.change(
      'DELETE FROM stripe_events WHERE event_id NOT IN (SELECT event_id FROM stripe_event_arrivals)',
    );
  }
  if (present.has(STAGES_TABLE_NAME))
    await transaction.change('DELETE FROM cachao_stages WHERE stage = ?', [stage]);
}
