import type { DriverError } from '../../contract/database-failures.js';

/** BAD_FIELD_ERROR: Unknown column. */
const UNKNOWN_COLUMN = 1054;

/**
 * Runs `statement`, or where the ledger is of an earlier version and lacks a column that it names, `older`, which does
 * without. New functions are deployed before the migration is applied: payments go on in between.
 */
export async function onAnyLedger<T>(statement: () => Promise<T>, older: () => Promise<T>): Promise<T> {
  try {
    return await statement();
  } catch (error) {
    if ((error as DriverError).errno !== UNKNOWN_COLUMN) throw error;
    return older();
  }
}
