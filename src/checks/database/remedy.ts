import type { DatabaseUnreachable } from '../../../handlers/contract/probe.js';

/** What helps against each reason for which there is no connection, the first that fits. */
const REMEDIES: readonly { reason: RegExp; message?: RegExp; text: string }[] = [
  {
    reason: /^HANDSHAKE_NO_SSL_SUPPORT$/,
    text: 'The server speaks no TLS. Switch TLS on there, as RDS has it; on a test stage add ?tls=off to the URL and give it with --database.',
  },
  {
    reason: /^HANDSHAKE_SSL_ERROR$/,
    message: /altnames|does not match/i,
    text: "The server's certificate is for another name than the host. Give the name in the certificate: --database 'mysql://user@host:3306/shop?servername=NAME'.",
  },
  {
    reason: /^HANDSHAKE_SSL_ERROR$/,
    message: /expired/i,
    text: "The server's certificate has expired: renew it there; on RDS choose a current certificate authority for the instance.",
  },
  {
    reason: /^HANDSHAKE_SSL_ERROR$/,
    text: "The server's certificate is signed by an authority that the functions do not know. Give that authority's certificate with --database-ca FILE; for RDS it is the region's bundle at https://truststore.pki.rds.amazonaws.com.",
  },
  {
    reason: /^(?:AUTH_SWITCH_PLUGIN_ERROR|ER_NOT_SUPPORTED_AUTH_MODE|MYSQL_CLEAR_PASSWORD_NOT_ENABLED)$/,
    text: 'The driver knows mysql_native_password, caching_sha2_password and sha256_password. Let the user sign in by one of them, for example on MariaDB: ALTER USER … IDENTIFIED VIA mysql_native_password USING PASSWORD(…); on MySQL: ALTER USER … IDENTIFIED WITH caching_sha2_password BY ….',
  },
  {
    reason: /ACCESS_DENIED_(?:NO_PASSWORD_)?ERROR$/,
    message: /to database/,
    text: 'The user may not use that database: GRANT it there, or give another database with --database.',
  },
  {
    reason: /ACCESS_DENIED/,
    text: 'User or password is not right: give the password in CACHAO_DATABASE_PASSWORD, and the user in the URL of --database.',
  },
  {
    reason: /DBACCESS_DENIED/,
    text: 'The user may not use that database: GRANT it there, or give another database with --database.',
  },
  {
    reason: /BAD_DB_ERROR/,
    text: 'There is no database of that name on the server: create it, or correct the name with --database.',
  },
  {
    reason: /HOST_NOT_PRIVILEGED/,
    text: "The server takes this user only from other hosts: create the user for the functions' addresses ('user'@'%').",
  },
  {
    reason: /HOST_IS_BLOCKED/,
    text: 'The server has blocked the address after many failed connections: FLUSH HOSTS there, once the cause is gone.',
  },
  {
    reason: /CON_COUNT_ERROR|TOO_MANY_USER_CONNECTIONS|USER_LIMIT_REACHED/,
    text: 'The server has as many connections as it allows: raise max_connections (or max_user_connections), or lower reservedConcurrency.',
  },
  {
    reason: /MUST_CHANGE_PASSWORD|ACCOUNT_HAS_BEEN_LOCKED/,
    text: 'The server has locked the user, or wants a new password: set one there, then give it in CACHAO_DATABASE_PASSWORD.',
  },
  {
    reason: /^(?:ENOTFOUND|EAI_)/,
    text: 'The name of the host is not known from where the functions run: correct it with --database; a private name needs the functions in its VPC.',
  },
  {
    reason: /^ECONNREFUSED$/,
    text: 'Nothing listens at that host and port: correct them with --database, or start the server.',
  },
  {
    reason: /^(?:ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|PROTOCOL_|ECONNRESET)/,
    text: "Packets do not get there and back: look at the security group of the database, and at the functions' subnets and security groups if the database is inside a VPC.",
  },
  {
    reason: /OPTION_PREVENTS_STATEMENT|READ_ONLY/,
    text: 'The server takes no writes: give the name that leads to the writer, with --database.',
  },
];

const GENERAL =
  'Check host, user and password, the security group of the database, and the subnets of the functions if the database is inside a VPC.';

/** What helps when the functions have no connection, by the driver's own reason. */
export function connectionRemedy({ reason, message }: DatabaseUnreachable): string {
  const found = REMEDIES.find(
    (one) => one.reason.test(reason ?? '') && (one.message === undefined || one.message.test(message)),
  );
  return found?.text ?? GENERAL;
}
