import { type Connection, createConnection } from 'mysql2/promise';
import type { Address } from '../../handlers/contract/database-address.js';
import { connectionOptions } from '../../handlers/contract/database-connection.js';

const CONNECT_MS = 10_000;

/**
 * Opens a connection as the functions do. Imported only when needed, and through this module: of a CommonJS package that
 * is imported lazily, the bundle shows nothing but the default export.
 */
export async function openConnection(address: Address): Promise<Connection> {
  return createConnection({
    ...(await connectionOptions(address)),
    connectTimeout: CONNECT_MS,
    supportBigNumbers: true,
    bigNumberStrings: true,
  });
}
