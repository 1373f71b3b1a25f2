/** How a connection to the orders database is made, as its parameter says. */
export interface Address {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  tls: 'verified' | 'off';
  /** The name that the server's certificate must bear, where it is not the host's. */
  serverName: string | null;
  /** Certificates of authorities that sign the server's, in PEM; null: those that Node, or Amazon RDS, has. */
  authorities: string | null;
}

/**
 * Reads the value of the database parameter: `mysql://user:password@host:3306/shop?tls=verify|off&servername=NAME`, and
 * on the lines after it the certificates of the server's own authority, where it has one.
 * TLS is verified unless the URL says `off`, which a live stage accepts for loopback only.
 * Returns why it is refused, in words that follow "The database parameter" and never repeat the value.
 */
export function readAddress(value: string, livemode: boolean): Address | string {
  try {
    return read(value, livemode);
  } catch (error) {
    if (error instanceof URIError) return 'has a % that is not the beginning of an escape; write it as %25';
    throw error;
  }
}

function read(value: string, livemode: boolean): Address | string {
  const [text = '', ...rest] = value.trim().split(/\r?\n/);
  if (!URL.canParse(text)) return 'is not a URL; write mysql://user:password@host:3306/shop';
  const url = new URL(text);
  if (url.protocol !== 'mysql:' && url.protocol !== 'mariadb:') return `is a ${url.protocol} URL, not mysql:`;
  const database = decodeURIComponent(url.pathname.slice(1));
  if (!url.hostname || !url.username || !database) return 'lacks the host, the user or the database';
  const tls = url.searchParams.get('tls') ?? 'verify';
  if (tls !== 'verify' && tls !== 'off') return `says tls=${tls}; it must be "verify" or "off"`;
  if (tls === 'off' && livemode && !isLoopback(url.hostname))
    return 'says tls=off, which a live stage refuses';
  const authorities = rest.join('\n').trim();
  if (authorities !== '' && !CERTIFICATES.test(authorities))
    return 'has lines after the URL that are no certificates in PEM';
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port ? Number(url.port) : 3306,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database,
    tls: tls === 'off' ? 'off' : 'verified',
    serverName: url.searchParams.get('servername') || null,
    authorities: authorities || null,
  };
}

const CERTIFICATES = /^(?:\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/;

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host);
}

/** A name of Amazon RDS: its certificates are signed by roots of Amazon's own, which Node does not know. */
export function isRdsName(name: string): boolean {
  return /(?:^|\.)rds\.(?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?$/i.test(name);
}
