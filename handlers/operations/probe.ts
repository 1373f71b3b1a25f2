import { fingerprint } from '../contract/fingerprint.js';
import type { Probe } from '../contract/operations.js';
import { readParameter } from '../shared/aws/parameters.js';
import type { Configuration } from '../shared/configuration.js';
import type { Database, Transaction } from '../shared/database/database.js';
import { describeFailure, describeUse, recordingSince } from '../shared/probe.js';
import { type ColumnFacts, columnsOf, enginesOf, labelsOf, triggersOf } from './catalog.js';
import { gapsOf, lostParts } from './gaps.js';
import { LEDGER_TABLES, MIGRATIONS_TABLE_NAME } from './migrations.js';
import { problemsOf } from './shop-problems.js';
import { SHOP_COLUMNS, SHOP_TABLES, STATUSES } from './shop-tables.js';
import { stagesOf } from './stages.js';
import { writeRefusal } from './write-proof.js';

type Schema = NonNullable<Probe['schema']>;

/** Looks at everything that the handlers depend on, from where they run. Leaves no trace. */
export async function probe(database: Database, configuration: Configuration): Promise<Probe> {
  const [seen, secrets] = await Promise.all([
    probeDatabase(database, configuration),
    probeSecrets(configuration),
  ]);
  const { stage, livemode, currency } = configuration;
  return { stage, livemode, currency, ...seen, ...secrets };
}

async function probeDatabase(
  database: Database,
  configuration: Configuration,
): Promise<Pick<Probe, 'database' | 'schema'>> {
  try {
    const seen = await database.transaction(async (transaction, place) => ({
      database: await describeUse(transaction, place, configuration),
      schema: await probeSchema(transaction, configuration),
    }));
    const { schema } = seen;
    const { missingTables, missingColumns, wrongEngine, triggers = [] } = schema.shop;
    const isComplete = schema.current && missingTables.length + missingColumns.length === 0;
    // What has no transactions keeps what is tried on it.
    const ordered = triggers.length > 0 && wrongEngine.length === 0;
    if (isComplete) schema.writeRefusal = await writeRefusal(database, configuration, ordered);
    return seen;
  } catch (error) {
    return { database: describeFailure(error, database, configuration), schema: null };
  }
}

async function probeSchema(transaction: Transaction, { stage }: Configuration): Promise<Schema> {
  const engines = await enginesOf(transaction, [MIGRATIONS_TABLE_NAME, ...LEDGER_TABLES, ...SHOP_TABLES]);
  const gaps = await gapsOf(transaction);
  const stages = engines.has('cachao_stages') ? await stagesOf(transaction) : [];
  const own = stages.find((one) => one.stage === stage);
  const shop = { ...(await probeShop(transaction, engines)), wrongEngine: wrongEngines(engines) };
  return {
    current: gaps.length === 0 && own !== undefined,
    pending: gaps.map(({ migration }) => migration.name),
    lost: gaps.filter(({ recorded }) => recorded).flatMap(lostParts),
    // A stage that joins a ledger records from then on.
    recordingSince: own?.since ?? (await recordingSince(transaction)),
    stages: stages.map((one) => ({ stage: one.stage, livemode: one.livemode })),
    shop,
  };
}

async function probeShop(
  transaction: Transaction,
  engines: Map<string, string>,
): Promise<Omit<Schema['shop'], 'wrongEngine'>> {
  const missingTables = SHOP_TABLES.filter((table) => !engines.has(table));
  const missingColumns: string[] = [];
  let missingStatuses: string[] = [];
  const known = new Map<string, ColumnFacts[]>();
  for (const table of SHOP_TABLES) {
    if (!engines.has(table)) continue;
    const columns = await columnsOf(transaction, table);
    known.set(table, columns);
    const present = new Set(columns.map((column) => column.name.toLowerCase()));
    missingColumns.push(
      ...(SHOP_COLUMNS[table] ?? []).filter((name) => !present.has(name)).map((name) => `${table}.${name}`),
    );
    const status =
      table === 'ticket_orders'
        ? columns.find((column) => column.name.toLowerCase() === 'status')
        : undefined;
    if (status?.dataType !== 'enum') continue;
    const labels = new Set(labelsOf(status.columnType).map((label) => label.toLowerCase()));
    missingStatuses = STATUSES.filter((name) => !labels.has(name));
  }
  return {
    missingTables,
    missingColumns,
    missingStatuses,
    problems: await problemsOf(transaction, known),
    triggers: await actingTriggers(transaction),
  };
}

/** A payment changes rows of the shop's tables, and makes and changes rows of ours. */
async function actingTriggers(transaction: Transaction): Promise<string[]> {
  const triggers = await triggersOf(transaction, [...SHOP_TABLES, ...LEDGER_TABLES]);
  return triggers
    .filter(
      ({ table, when }) =>
        when.endsWith('UPDATE') || (LEDGER_TABLES.includes(table) && when.endsWith('INSERT')),
    )
    .map(({ table, name, when }) => `${when} on ${table} (${name})`);
}

function wrongEngines(engines: Map<string, string>): string[] {
  return [...engines].filter(([, engine]) => engine.toLowerCase() !== 'innodb').map(([table]) => table);
}

async function probeSecrets({
  webhookSecretParameter,
}: Configuration): Promise<Pick<Probe, 'webhookSecretFingerprints' | 'webhookSecretError'>> {
  try {
    // What the webhook would accept once it looks again, so the newest value.
    const { value } = await readParameter(webhookSecretParameter, 0);
    const secrets = value
      .split(',')
      .map((secret) => secret.trim())
      .filter((secret) => secret !== '');
    return { webhookSecretFingerprints: secrets.map(fingerprint), webhookSecretError: null };
  } catch (error) {
    return { webhookSecretFingerprints: [], webhookSecretError: (error as Error).message };
  }
}
