import { expect, it } from 'vitest';
import { connectionRemedy } from '../../src/checks/database/remedy.js';

const remedy = (reason: string | null, message = '') =>
  connectionRemedy({
    reachable: false,
    code: 'DATABASE_UNAVAILABLE',
    parameter: '/p',
    parameterVersion: 1,
    reason,
    message,
  });

it.each([
  ['HANDSHAKE_NO_SSL_SUPPORT', '', /speaks no TLS.*\?tls=off/],
  ['HANDSHAKE_SSL_ERROR', "Hostname/IP does not match certificate's altnames", /servername=/],
  ['HANDSHAKE_SSL_ERROR', 'self-signed certificate in certificate chain', /--database-ca/],
  ['HANDSHAKE_SSL_ERROR', 'certificate has expired', /expired/],
  ['AUTH_SWITCH_PLUGIN_ERROR', 'the plugin client_ed25519', /mysql_native_password/],
  [
    'ER_ACCESS_DENIED_ERROR',
    "Access denied for user 'a'@'b' (using password: YES)",
    /CACHAO_DATABASE_PASSWORD/,
  ],
  ['ER_DBACCESS_DENIED_ERROR', "Access denied for user 'a' to database 'b'", /GRANT/],
  ['ER_BAD_DB_ERROR', '', /no database of that name/],
  ['ENOTFOUND', '', /name of the host/],
  ['ETIMEDOUT', '', /security group/],
  ['ER_CON_COUNT_ERROR', '', /max_connections/],
  ['ER_OPTION_PREVENTS_STATEMENT', '', /writer/],
  [null, '', /Check host, user and password/],
])('%s %s has a remedy that fits', (reason, message, text) => {
  expect(remedy(reason, message)).toMatch(text);
});
