import { type Connection, createConnection } from 'mysql2/promise';
import type { Address } from '../../contract/database-address.js';
import { connectionOptions } from '../../contract/database-connection.js';

const CONNECT_TIMEOUT_MS = 5_000;
/** Shorter than a statement's timeout, so that a lock that is not given ends as error 1205 and is retried. */
const LOCK_WAIT_SECONDS = 5;

/**
 * Opens a connection with the session that the handlers' statements rely on:
 * no autocommit (saves a round trip for each transaction), strict mode with backslash escapes (which the driver's
 * quoting needs), `affectedRows` counting rows that changed, and every value as text or null.
 */
export async function connect(address: Address, timeoutMs = CONNECT_TIMEOUT_MS): Promise<Connection> {
  const timeout = Math.min(timeoutMs, CONNECT_TIMEOUT_MS);
  const connection = await createConnection({
    ...(await connectionOptions(address)),
    timezone: 'Z',
    connectTimeout: timeout,
    flags: ['-FOUND_ROWS', '-LOCAL_FILES'],
    typeCast: (field) => field.string(),
  });
  try {
    await connection.query({
      sql: `SET SESSION autocommit = 0, innodb_lock_wait_timeout = ${LOCK_WAIT_SECONDS}, sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'`,
      timeout,
    });
  } catch (error) {
    connection.destroy();
    throw error;
  }
  return connection;
}
