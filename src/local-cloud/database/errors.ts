/** A refusal in MySQL's own terms: `code` is MySQL's error number, which drivers map to `ER_…` names. */
export class SqlError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
    this.name = 'SqlError';
  }
}

/** ER_NOT_SUPPORTED_YET: valid MySQL, perhaps, but not what the embedded database translates. */
export function unsupported(what: string): SqlError {
  return new SqlError(1235, `The embedded database does not support ${what}`);
}

/** ER_PARSE_ERROR. */
export function syntaxError(near: string): SqlError {
  return new SqlError(1064, `You have an error in your SQL syntax near '${near.slice(0, 80)}'`);
}

export function unknownTable(name: string): SqlError {
  return new SqlError(1146, `Table 'shop.${name}' doesn't exist`);
}

export function unknownColumn(name: string, where: string): SqlError {
  return new SqlError(1054, `Unknown column '${name}' in '${where}'`);
}
