/** The URL with the password in it, as the functions read it from SSM. */
export function databaseUrlWithPassword(url: string, password: string): string {
  const parsed = new URL(url);
  parsed.password = encodeURIComponent(password);
  return parsed.toString();
}

/** `shop@db.example.com:3306/orders`: everything but the password. */
export function describeDatabase(url: string): string {
  if (!URL.canParse(url)) return '(not a URL)';
  const { username, host, pathname } = new URL(url);
  return `${username ? `${decodeURIComponent(username)}@` : ''}${host}${pathname}`;
}

/** Whether two URLs mean the same database and user, whatever the password. */
export function sameDatabase(a: string, b: string): boolean {
  return describeDatabase(a) === describeDatabase(b);
}
