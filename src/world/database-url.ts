import { readAddress } from '../../handlers/contract/database-address.js';

/** The URL with the password in it, as the functions read it from SSM. */
export function databaseUrlWithPassword(url: string, password: string): string {
  const parsed = new URL(url);
  parsed.password = encodeURIComponent(password);
  return parsed.toString();
}

/** `shop@db.example.com:3306/orders`: everything but the password and options. */
export function describeDatabase(url: string): string {
  // What follows the first line are certificates.
  const [text = ''] = url.trim().split(/\r?\n/);
  if (!URL.canParse(text)) return '(not a URL)';
  const { username, host, pathname } = new URL(text);
  return `${username ? `${decodeURIComponent(username)}@` : ''}${host}${pathname}`;
}

/** Whether two URLs mean the same database and user on the same server, whatever the password and the options. */
export function sameServer(a: string, b: string): boolean {
  return describeDatabase(a) === describeDatabase(b);
}

/** Whether two values of the database parameter mean the same connection, however they are written. */
export function sameValue(a: string, b: string): boolean {
  if (a === b) return true;
  const [one, other] = [readAddress(a, false), readAddress(b, false)];
  return typeof one !== 'string' && JSON.stringify(one) === JSON.stringify(other);
}
