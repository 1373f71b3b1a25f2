import { CachaoError } from '../core/errors.js';
import { EXIT } from '../core/exit-code.js';
import { redact } from '../core/secret.js';

/** `verify`: TLS, and the server's certificate holds; `off`: no TLS, which a live stage takes for loopback only. */
const TLS = ['verify', 'off'];

/** What is wrong with a database URL, if anything: above all a password in it. The message never repeats one. */
export function databaseUrlProblem(url: string): CachaoError | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  // A password with an unescaped "/" or "#" ends the authority early and hides from the parser: look at the text too.
  if (parsed?.password || /^[a-z][a-z0-9+.-]*:\/\/[^/?#@]*:[^@]*@/i.test(url)) return passwordInUrl();
  if (!parsed || !['mysql:', 'mariadb:'].includes(parsed.protocol) || parsed.hostname === '')
    return shapeOf(url);
  if (/(^|[?&])password=/i.test(parsed.search)) return passwordInUrl();
  const lacks = [
    parsed.username === '' ? 'user' : '',
    /^\/*$/.test(parsed.pathname) ? 'database' : '',
  ].filter(Boolean);
  if (lacks.length > 0) return invalidUrl(`"${redact(url)}" names no ${lacks.join(' and no ')}.`);
  const tls = parsed.searchParams.get('tls');
  if (tls !== null && !TLS.includes(tls))
    return invalidUrl(`"${redact(url)}" says tls=${tls}; there are ${TLS.join(' and ')}.`);
  return undefined;
}

function passwordInUrl(): CachaoError {
  return new CachaoError({
    code: 'PASSWORD_IN_URL',
    message: 'The database URL has a password in it.',
    why: 'Arguments and configuration files are seen by other processes, shell history and version control.',
    next: [
      'Give the URL without it: mysql://user@host:3306/shop',
      'Set CACHAO_DATABASE_PASSWORD to the password, or let cachao ask for it.',
      'Change the password if the URL was in a file or a shell history.',
    ],
    exitCode: EXIT.usage,
  });
}

function shapeOf(url: string): CachaoError {
  return invalidUrl(`"${redact(url)}" is not the URL of a MySQL or MariaDB database.`);
}

function invalidUrl(message: string): CachaoError {
  return new CachaoError({
    code: 'DATABASE_URL_INVALID',
    message,
    next: [
      'Write it as mysql://user@host:3306/shop',
      'Add ?tls=off only where the server of a test stage has no TLS; the default is ?tls=verify.',
    ],
    exitCode: EXIT.usage,
  });
}
