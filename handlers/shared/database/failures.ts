import { type DriverError, failureKind, nameOf, type Product } from '../../contract/database-failures.js';
import { HandlerError } from '../errors.js';

/** The driver's error as one of ours, with its own reason. Messages keep names of tables and columns, and drop values. */
export function explain(error: unknown, product: Product | null): Error {
  const kind = failureKind(error, product);
  // Anything else is not the driver's: what the work in the transaction threw.
  if (error instanceof HandlerError || kind === undefined) return error as Error;
  const failure = error as DriverError;
  const name = nameOf(failure, product);
  const reason = reasonOf(failure);
  const detail = reason && reason !== name ? `${name}: ${reason}` : name;
  if (kind === 'schema')
    return new HandlerError('DATABASE_SCHEMA', `The orders database refused a statement: ${detail}`, {
      cause: error,
    });
  return new HandlerError('DATABASE_UNAVAILABLE', `The orders database failed: ${detail}`, { cause: error });
}

function reasonOf({ sqlMessage, message }: DriverError): string {
  // Values may be anybody's data, quotes included; what follows them names the column.
  if (sqlMessage) return sqlMessage.replace(/((?:entry|value):?) '[\s\S]*'(?= for |$)/i, "$1 '…'");
  const plugin = /unknown plugin (\w+)/.exec(message)?.[1];
  return plugin ? `the user signs in by the plugin ${plugin}, which the driver does not know` : message;
}
