import { readParameter } from '../aws/parameters.js';
import type { Configuration } from '../configuration.js';
import { connect } from './connect.js';
import { Database } from './database.js';
import { parseAddress } from './url.js';

let database: Database | null = null;

/** The execution environment's one connection to the orders database. */
export function shopDatabase({ databaseParameter, livemode }: Configuration): Database {
  database ??= new Database(async (again) => {
    const address = parseAddress(await readParameter(databaseParameter, again ? 0 : undefined), livemode);
    return connect(address);
  });
  return database;
}
