import { LEDGER_MIGRATION } from '../contract/ledger.js';
import type { DatabaseUnreachable, DatabaseUse, FunctionProbe } from '../contract/probe.js';
import { type Configuration, readConfiguration } from './configuration.js';
import type { Database, Place, Transaction } from './database/database.js';
import { shopDatabase } from './database/shop-database.js';
import { isoTime } from './database/time.js';

/** Says which database the function uses, as it stands: nothing is read afresh that an event would not. */
export async function answerProbe(): Promise<FunctionProbe> {
  try {
    const configuration = readConfiguration();
    const database = await lookAtDatabase(shopDatabase(configuration), configuration);
    return { probe: true, stage: configuration.stage, database };
  } catch (error) {
    const { name, message } = error as Error;
    return { probe: true, error: { code: name, message } };
  }
}

async function lookAtDatabase(
  database: Database,
  configuration: Configuration,
): Promise<DatabaseUse | DatabaseUnreachable> {
  try {
    return await database.transaction((transaction, place) => describeUse(transaction, place, configuration));
  } catch (error) {
    return describeFailure(error, database, configuration);
  }
}

/** What the connection leads to, by the server's own account. */
export async function describeUse(
  transaction: Transaction,
  { address, version }: Place,
  { databaseParameter }: Configuration,
): Promise<DatabaseUse> {
  const started = performance.now();
  const [row] = await transaction.rows(
    'SELECT VERSION() AS version, DATABASE() AS schema_name, @@hostname AS server_name',
  );
  const latencyMs = Math.round((performance.now() - started) * 10) / 10;
  const serverVersion = row?.version ?? 'unknown';
  return {
    reachable: true,
    parameter: databaseParameter,
    parameterVersion: version,
    latencyMs,
    version: serverVersion,
    tls: address.tls,
    local: serverVersion.includes('cachao-embedded'),
    host: address.host,
    port: address.port,
    user: address.user,
    schema: row?.schema_name ?? '',
    serverName: row?.server_name ?? '',
    recordingSince: await recordingSince(transaction),
  };
}

/** ISO 8601; null before the first migration. */
export async function recordingSince(transaction: Transaction): Promise<string | null> {
  const tables = await transaction.rows(
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'cachao_migrations'",
  );
  if (tables.length === 0) return null;
  const [row] = await transaction.rows('SELECT applied_at FROM cachao_migrations WHERE name = ?', [
    LEDGER_MIGRATION,
  ]);
  return row ? isoTime(row.applied_at) : null;
}

export function describeFailure(
  error: unknown,
  database: Database,
  { databaseParameter }: Configuration,
): DatabaseUnreachable {
  const { name, message, cause } = error as Error & { cause?: { code?: unknown } };
  return {
    reachable: false,
    parameter: databaseParameter,
    parameterVersion: database.lastVersion,
    code: name,
    message,
    reason: typeof cause?.code === 'string' ? cause.code : null,
  };
}
