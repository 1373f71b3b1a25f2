import type { LedgerStage, Operations } from '../contract/operations.js';
import type { Configuration } from '../shared/configuration.js';
import type { Database, Transaction } from '../shared/database/database.js';
import { isoTime, sqlTime } from '../shared/database/time.js';
import { columnNamesOf } from './catalog.js';

export interface EnteredStage extends LedgerStage {
  /** ISO 8601: when it was entered. */
  since: string;
}

/** The stages that keep their ledger here, by name. Needs the table of stages. */
export async function stagesOf(transaction: Transaction): Promise<EnteredStage[]> {
  const rows = await transaction.rows('SELECT stage, livemode, since FROM cachao_stages ORDER BY stage');
  return rows.map((row) => ({
    stage: row.stage ?? '',
    livemode: row.livemode === '1',
    since: isoTime(row.since),
  }));
}

/** Enters this stage; `since` is when the ledger began to record for it, and stays as it was first entered. */
export async function enterStage(
  transaction: Transaction,
  { stage, livemode }: Configuration,
  since: Date,
): Promise<void> {
  const mode = livemode ? 1 : 0;
  await transaction.change(
    'INSERT INTO cachao_stages (stage, livemode, since) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE livemode = ?',
    [stage, mode, sqlTime(since), mode],
  );
}

/** Who else keeps a ledger here. Before the table of stages is made, nobody is known. */
export async function listStages(
  database: Database,
  { stage }: Configuration,
): Promise<Operations['list-stages']['response']> {
  return database.transaction((transaction) => usersOf(transaction, stage));
}

/** The stages that use the ledger, as seen by one of them. */
export async function usersOf(
  transaction: Transaction,
  stage: string,
): Promise<Operations['list-stages']['response']> {
  const present = await columnNamesOf(transaction, ['cachao_stages', 'stripe_event_arrivals']);
  const entered = present.has('cachao_stages') ? await stagesOf(transaction) : [];
  const own = entered.find((one) => one.stage === stage);
  const named = present.get('stripe_event_arrivals')?.has('stage') ?? false;
  return {
    stages: entered.map((one) => ({ stage: one.stage, livemode: one.livemode })),
    unnamed: own !== undefined && named && (await hasUnnamedArrivals(transaction, own.since)),
  };
}

/**
 * Whether functions of an earlier version, which do not name their stage, have written here since. This stage's own
 * may have done so in the first minute, until the last of their environments was gone.
 */
async function hasUnnamedArrivals(transaction: Transaction, since: string): Promise<boolean> {
  const from = sqlTime(new Date(Date.parse(since) + 60_000));
  const rows = await transaction.rows(
    "SELECT event_id FROM stripe_event_arrivals WHERE stage = '' AND received_at > ? LIMIT 1",
    [from],
  );
  return rows.length > 0;
}
