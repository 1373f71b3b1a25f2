import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { type Address, readAddress } from '../../../handlers/contract/database-address.js';
import { connect } from '../../../handlers/shared/database/connect.js';
import { Database, type Locate } from '../../../handlers/shared/database/database.js';
import { startDatabase } from '../../../src/local-cloud/database/index.js';

/** A throwaway orders database, and the URL under which the handlers reach it. */
export interface TestDatabase {
  name: string;
  url: string;
  close(): Promise<void>;
}

const MARIADB = process.env.CACHAO_TEST_MARIADB ?? 'mysql://root@127.0.0.1:3306/';

export async function embedded(file?: string): Promise<TestDatabase> {
  const password = randomBytes(12).toString('hex');
  const server = await startDatabase({ port: 0, password, ...(file === undefined ? {} : { file }) });
  const url = server.url.replace('cachao@', `cachao:${password}@`);
  return { name: 'embedded', url, close: () => server.close() };
}

let refusal = 'it was not asked';

/** Why there is no MariaDB, after `mariadb` gave none. */
export function noMariadb(): string {
  return `MariaDB at ${new URL(MARIADB).host} cannot be used (${refusal}); CACHAO_TEST_MARIADB names another`;
}

/** A fresh database in a real MariaDB; null where there is none. */
export async function mariadb(): Promise<TestDatabase | null> {
  const name = `cachao_test_${randomBytes(6).toString('hex')}`;
  const server = new URL(MARIADB);
  const options = {
    host: server.hostname,
    port: Number(server.port || 3306),
    user: decodeURIComponent(server.username),
    password: decodeURIComponent(server.password),
  };
  try {
    const admin = await createConnection({ ...options, connectTimeout: 2_000 });
    await admin.query(`CREATE DATABASE ${name}`);
    await admin.end();
  } catch (error) {
    refusal = (error as Error).message;
    return null;
  }
  server.pathname = `/${name}`;
  server.search = '?tls=off';
  const drop = async () => {
    const admin = await createConnection(options);
    await admin.query(`DROP DATABASE ${name}`);
    await admin.end();
  };
  return { name: 'MariaDB', url: server.href, close: drop };
}

/** Opens the database as the handlers do. Each has its own connection. */
export function open(database: TestDatabase): Database {
  return new Database(placeAt(addressAt(database.url)));
}

/** The address that a value of the database parameter names. @throws where it names none */
export function addressAt(value: string, livemode = false): Address {
  const address = readAddress(value, livemode);
  if (typeof address === 'string') throw new Error(`the value ${address}`);
  return address;
}

/** A database that stays where it is. */
export function placeAt(address: Address): Locate {
  const place = { id: 'only', version: 1, address, open: (timeoutMs: number) => connect(address, timeoutMs) };
  return async () => place;
}
