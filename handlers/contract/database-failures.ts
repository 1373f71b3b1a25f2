/**
 * What a failure of the database means for whoever tries again.
 *
 * - `refused-for-now`: no connection, because too many are open or the server is not ready. Waiting helps.
 * - `lost`: the connection is over; whether the last statement took effect is not known. A new connection helps.
 * - `wrong-server`: the server does not take writes (now): after a failover the name leads to another. A new connection
 *   helps, once the name does.
 * - `contention`: other transactions were in the way; the same one again helps.
 * - `schema`: a table, column, privilege on them or value does not fit. Nobody but the shop can mend it.
 * - `permanent`: anything else that the driver says: credentials, names, TLS. The same again fails the same.
 */
export type FailureKind = 'refused-for-now' | 'lost' | 'wrong-server' | 'contention' | 'schema' | 'permanent';

/** MySQL and MariaDB number their errors alike up to 1879; what they added later means different things. */
export type Product = 'mysql' | 'mariadb';

/** What the driver throws: the server's number, or a code of the driver's own or of the network. */
export interface DriverError extends Error {
  code?: string;
  errno?: number;
  sqlMessage?: string;
  fatal?: boolean;
}

/**
 * The servers' numbers, with the name and message that they stand for. Sources: MySQL's Server Error Message Reference
 * (8.0 and 8.4), MariaDB's list of error codes (`perror` of 10.11 says the same), Galera's and RDS Proxy's manuals.
 */
const BOTH: Record<FailureKind, readonly number[]> = {
  'refused-for-now': [
    1040, // CON_COUNT_ERROR: Too many connections
    1041, // OUT_OF_RESOURCES: Out of memory
    1042, // BAD_HOST_ERROR: Can't get hostname for your address (its resolver failed)
    1043, // HANDSHAKE_ERROR: Bad handshake (also what a proxy says while its server is away)
    1047, // UNKNOWN_COM_ERROR: Galera says "WSREP has not yet prepared node for application use" so
    1135, // CANT_CREATE_THREAD: Can't create a new thread
    1203, // TOO_MANY_USER_CONNECTIONS: more than max_user_connections active connections
    1226, // USER_LIMIT_REACHED: has exceeded the max_user_connections resource
    3032, // SERVER_OFFLINE_MODE: The server is currently in offline mode
    9001, // ProxySQL: Max connect timeout reached while reaching hostgroup (its issue 4657)
    9501, // RDS Proxy: Timed-out waiting to acquire database connection (RDS user guide, troubleshooting of RDS Proxy)
  ],
  lost: [
    1053, // SERVER_SHUTDOWN: Server shutdown in progress
    1079, // SHUTDOWN_COMPLETE
    1080, // FORCING_CLOSE: Forcing close of thread
    1152, // ABORTING_CONNECTION: Aborted connection
    1158, // NET_READ_ERROR: Got an error reading communication packets
    1159, // NET_READ_INTERRUPTED: Got timeout reading communication packets
    1160, // NET_ERROR_ON_WRITE: Got an error writing communication packets
    1161, // NET_WRITE_INTERRUPTED: Got timeout writing communication packets
    1184, // NEW_ABORTING_CONNECTION: Aborted connection
    2006, // The client's: server has gone away
    2013, // The client's: lost connection during query
    2055, // The client's: lost connection at, with the system's reason
  ],
  'wrong-server': [
    1290, // OPTION_PREVENTS_STATEMENT: running with the --read-only option so it cannot execute this statement
    1792, // CANT_EXECUTE_IN_READ_ONLY_TRANSACTION: a session that begins transactions READ ONLY, as replicas do
    1836, // READ_ONLY_MODE: Running in read-only mode (innodb_read_only, as on a reader of Aurora)
  ],
  contention: [
    1020, // CHECKREAD: Record has changed since last read (MariaDB's innodb_snapshot_isolation)
    1205, // LOCK_WAIT_TIMEOUT: Lock wait timeout exceeded; try restarting transaction
    1213, // LOCK_DEADLOCK: Deadlock found when trying to get lock; try restarting transaction
    1317, // QUERY_INTERRUPTED: somebody stopped this statement (KILL QUERY), and not the connection
    1412, // TABLE_DEF_CHANGED: Table definition has changed, please retry transaction
    1689, // LOCK_ABORTED: Wait on a lock was aborted due to a pending exclusive lock
  ],
  schema: [
    1048, // BAD_NULL_ERROR: Column cannot be null
    1054, // BAD_FIELD_ERROR: Unknown column
    1142, // TABLEACCESS_DENIED_ERROR: command denied to user for table
    1143, // COLUMNACCESS_DENIED_ERROR: command denied to user for column
    1146, // NO_SUCH_TABLE
    1264, // WARN_DATA_OUT_OF_RANGE: Out of range value for column
    1265, // WARN_DATA_TRUNCATED: Data truncated for column
    1292, // TRUNCATED_WRONG_VALUE: Incorrect datetime value
    1364, // NO_DEFAULT_FOR_FIELD: Field doesn't have a default value
    1366, // TRUNCATED_WRONG_VALUE_FOR_FIELD: Incorrect value for column
    1406, // DATA_TOO_LONG: Data too long for column
    1442, // CANT_UPDATE_USED_TABLE_IN_SF_OR_TRG: a trigger changes the table that it belongs to
    1443, // VIEW_PREVENT_UPDATE
    1451, // ROW_IS_REFERENCED_2: a foreign key constraint fails
    1452, // NO_REFERENCED_ROW_2: a foreign key constraint fails
    1644, // SIGNAL_EXCEPTION: a trigger of the shop's own says no
  ],
  permanent: [
    1044, // DBACCESS_DENIED_ERROR: Access denied for user to database
    1045, // ACCESS_DENIED_ERROR: Access denied for user (using password)
    1049, // BAD_DB_ERROR: Unknown database
    1129, // HOST_IS_BLOCKED: blocked because of many connection errors; until somebody flushes the host cache
    1130, // HOST_NOT_PRIVILEGED: Host is not allowed to connect
    1251, // NOT_SUPPORTED_AUTH_MODE: Client does not support authentication protocol requested by server
    1524, // PLUGIN_IS_NOT_LOADED
    1698, // ACCESS_DENIED_NO_PASSWORD_ERROR: Access denied for user
    1820, // MUST_CHANGE_PASSWORD
    1862, // MUST_CHANGE_PASSWORD_LOGIN: Your password has expired
  ],
};

/** Numbers that only one of them gives, or that mean something else to the other. */
const APART: Record<Product, Partial<Record<FailureKind, readonly number[]>>> = {
  mysql: {
    lost: [
      3169, // SESSION_WAS_KILLED
      4031, // CLIENT_INTERACTION_TIMEOUT: disconnected by the server because of inactivity (since 8.0.24)
    ],
    'wrong-server': [
      3100, // RUN_HOOK_ERROR: Error on observer while running replication hook (a member that left its group)
    ],
    contention: [
      3101, // TRANSACTION_ROLLBACK_DURING_COMMIT: Plugin instructed the server to rollback (a conflict in the group)
      3572, // LOCK_NOWAIT: Statement aborted because lock(s) could not be acquired immediately
    ],
    schema: [
      3819, // CHECK_CONSTRAINT_VIOLATED
    ],
    permanent: [
      3118, // ACCOUNT_HAS_BEEN_LOCKED
      3159, // SECURE_TRANSPORT_REQUIRED: Connections using insecure transport are prohibited
      3955, // USER_ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK
    ],
  },
  mariadb: {
    lost: [
      1927, // CONNECTION_KILLED: Connection was killed
    ],
    contention: [
      1969, // STATEMENT_TIMEOUT: Query execution was interrupted (max_statement_time exceeded)
    ],
    schema: [
      4025, // CONSTRAINT_FAILED
    ],
    permanent: [
      4031, // REFERENCED_TRG_DOES_NOT_EXIST: what MySQL calls a lost connection
      4151, // ACCOUNT_HAS_BEEN_LOCKED
    ],
  },
};

/** Codes of the driver's and the network's own that a new connection may mend. */
const LOST = /^(?:ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_|PROTOCOL_|ER_NET_)/;
/** Codes of the driver's own about TLS and sign-in: the same again fails the same. */
const REFUSED = /^(?:HANDSHAKE_|AUTH_|MYSQL_CLEAR_PASSWORD)/;
/** TLS that broke off on the way, as against a certificate that was refused. */
const BROKEN_OFF = /disconnected|ECONNRESET|EPIPE|socket hang up|ETIMEDOUT/;

/**
 * The kind of what the driver threw; undefined when the driver did not throw it.
 * @param product whose numbers they are; null while no handshake has told, when only what both mean counts
 */
export function failureKind(error: unknown, product: Product | null): FailureKind | undefined {
  const { code = '', errno, fatal, message } = error as DriverError;
  const ofServer = typeof errno === 'number' && errno > 0 ? kindOfNumber(errno, product) : undefined;
  if (ofServer) return ofServer;
  if (REFUSED.test(code)) return BROKEN_OFF.test(message) ? 'lost' : 'permanent';
  if (LOST.test(code) || fatal === true) return 'lost';
  return typeof errno === 'number' ? 'permanent' : undefined;
}

function kindOfNumber(errno: number, product: Product | null): FailureKind | undefined {
  const apart = product === null ? undefined : find(APART[product], errno);
  return apart ?? find(BOTH, errno);
}

function find(
  table: Partial<Record<FailureKind, readonly number[]>>,
  errno: number,
): FailureKind | undefined {
  return (Object.keys(table) as FailureKind[]).find((kind) => table[kind]?.includes(errno));
}

/** Whose server it is, by the version that its handshake names: `5.5.5-10.11.6-MariaDB`, `8.0.36`. */
export function productOf(serverVersion: string): Product {
  return /mariadb/i.test(serverVersion) ? 'mariadb' : 'mysql';
}

/** The driver names numbers as MySQL does, which MariaDB's own are not. */
export function nameOf({ code, errno }: DriverError, product: Product | null): string {
  const isOwn = product === 'mariadb' && errno !== undefined && errno >= 1900;
  return isOwn || !code ? `error ${errno}` : code;
}
