import { CachaoError } from '../core/errors.js';
import { EXIT } from '../core/exit-code.js';
import { redact } from '../core/secret.js';

/** What is wrong with a database URL, if anything: above all a password in it. The message never repeats one. */
export function refusePassword(url: string): CachaoError | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  // A password with an unescaped "/" or "#" ends the authority early and hides from the parser: look at the text too.
  if (parsed?.password || /^[a-z][a-z0-9+.-]*:\/\/[^/?#@]*:[^@]*@/i.test(url)) return passwordInUrl();
  if (!parsed || !['mysql:', 'mariadb:'].includes(parsed.protocol) || parsed.hostname === '')
    return shapeOf(url);
  if (/(^|[?&])password=/i.test(parsed.search)) return passwordInUrl();
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
  return new CachaoError({
    code: 'DATABASE_URL_INVALID',
    message: `"${redact(url)}" is not the URL of a MySQL or MariaDB database.`,
    next: ['Write it as mysql://user@host:3306/shop'],
    exitCode: EXIT.usage,
  });
}
