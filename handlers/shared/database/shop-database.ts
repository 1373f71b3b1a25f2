import { type Address, readAddress } from '../../contract/database-address.js';
import { readParameter } from '../aws/parameters.js';
import type { Configuration } from '../configuration.js';
import { HandlerError } from '../errors.js';
import { connect } from './connect.js';
import { Database, type Place } from './database.js';

let database: Database | null = null;

/** The execution environment's one connection to the orders database, wherever the parameter says that it is now. */
export function shopDatabase({ databaseParameter, livemode }: Configuration): Database {
  const locate = async (maximumAgeMs?: number): Promise<Place> => {
    const { value, version } = await readParameter(databaseParameter, maximumAgeMs);
    const address = addressOf(value, livemode);
    return {
      // A parameter that was made anew begins at version 1 again, so the value counts as well.
      id: `${version} ${value}`,
      version,
      address,
      open: (timeoutMs) => connect(address, timeoutMs),
    };
  };
  // A value that is no address may have been corrected since.
  database ??= new Database((maximumAgeMs) => locate(maximumAgeMs).catch(() => locate(0)));
  return database;
}

/** @throws HandlerError CONFIGURATION; its message never repeats the value */
function addressOf(value: string, livemode: boolean): Address {
  const address = readAddress(value, livemode);
  if (typeof address === 'string')
    throw new HandlerError('CONFIGURATION', `The database parameter ${address}.`);
  return address;
}
