import { HandlerError } from '../errors.js';

/** What the driver throws: MySQL's number, or a code of its own for the network. */
interface DriverError extends Error {
  code?: string;
  errno?: number;
  sqlMessage?: string;
  fatal?: boolean;
}

const DEADLOCK = 1213;
const LOCK_WAIT_TIMEOUT = 1205;
const ACCESS_DENIED = 1045;
/** Of the schema: a table, a column, or a privilege on them is missing, or a value does not fit. */
const SCHEMA = new Set([1054, 1142, 1143, 1146, 1048, 1264, 1265, 1364, 1366, 1406, 1452, 4025]);

export function isContention(error: unknown): boolean {
  const { errno } = error as DriverError;
  return errno === DEADLOCK || errno === LOCK_WAIT_TIMEOUT;
}

export function isAccessDenied(error: unknown): boolean {
  return (error as DriverError).errno === ACCESS_DENIED;
}

/** Refusals that end a connection as well, but that trying again would only repeat: no access, no such database. */
const REFUSED = new Set([1044, ACCESS_DENIED, 1049]);

/** The connection cannot be used any more: whether the last statement took effect is not known. */
export function isConnectionLost(error: unknown): boolean {
  const { code, errno, fatal } = error as DriverError;
  if (REFUSED.has(errno ?? 0)) return false;
  if (fatal === true) return true;
  // Server shutdown, killed, gone; and a statement that did not answer in time.
  return (
    [1053, 1152, 1158, 1159, 1160, 1161, 1927, 2006, 2013].includes(errno ?? 0) ||
    /^(?:ECONN|EPIPE|ETIMEDOUT|EHOST|ENOTFOUND|EAI_|PROTOCOL_|ER_NET_)/.test(code ?? '')
  );
}

/** The driver's error as one of ours. Messages keep names of tables and columns, and drop values. */
export function explain(error: unknown): Error {
  if (error instanceof HandlerError || !(error instanceof Error)) return error as Error;
  const { code, errno, sqlMessage } = error as DriverError;
  // Anything else is not the driver's: what the work in the transaction threw.
  if (typeof errno !== 'number' && !isConnectionLost(error)) return error;
  const name = code ?? String(errno);
  // Values may be anybody's data, quotes included; what follows them names the column.
  const detail = sqlMessage
    ? `: ${sqlMessage.replace(/(entry|value:?) '[\s\S]*'(?= for |$)/i, "$1 '…'")}`
    : '';
  if (errno !== undefined && SCHEMA.has(errno)) {
    return new HandlerError('DATABASE_SCHEMA', `The orders database refused a statement: ${name}${detail}`);
  }
  return new HandlerError('DATABASE_UNAVAILABLE', `The orders database failed: ${name}${detail}`);
}
