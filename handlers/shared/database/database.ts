import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { explain, isAccessDenied, isConnectionLost, isContention } from './failures.js';

const STATEMENT_TIMEOUT_MS = 10_000;
/** Attempts of one transaction: deadlocks and lock waits are expected, lost connections are not. */
const CONTENTION_ATTEMPTS = 8;
const LOST_ATTEMPTS = 3;
/** No further attempt begins after this: the functions are stopped after 25 and 30 seconds. */
const PATIENCE_MS = 15_000;

export type Value = string | number | null;
export type Row = Record<string, string | null>;

/** What a transaction may do. Every value that comes back is text or null. */
export interface Transaction {
  rows(sql: string, values?: (Value | Value[])[]): Promise<Row[]>;
  change(sql: string, values?: (Value | Value[])[]): Promise<{ affectedRows: number; insertId: number }>;
}

/**
 * The orders database, through one connection that the execution environment keeps and that is opened when it is
 * first needed, or was lost. It is not pinged: a lost connection shows when it is used.
 */
export class Database {
  private connection: Connection | null = null;
  private previous: Promise<unknown> = Promise.resolve();
  /** Statements sent since the start, for measurements. */
  statements = 0;

  /** @param open opens a connection; `again` when the last one was refused, so that credentials are read afresh. */
  constructor(private readonly open: (again: boolean) => Promise<Connection>) {}

  /**
   * Runs `work` in a transaction and commits. Deadlocks (1213), lock waits (1205) and lost connections are tried again
   * from the start, with growing random pauses: `work` must be safe to repeat even if its commit had succeeded.
   * @throws HandlerError DATABASE_UNAVAILABLE, DATABASE_SCHEMA, or what `work` throws
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const result = this.previous.then(() => this.attempt(work));
    this.previous = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    const { connection } = this;
    this.connection = null;
    await connection?.end();
  }

  private async attempt<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const started = Date.now();
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(work);
      } catch (error) {
        const most = isContention(error) ? CONTENTION_ATTEMPTS : isConnectionLost(error) ? LOST_ATTEMPTS : 1;
        if (attempt >= most || Date.now() - started > PATIENCE_MS) throw explain(error);
        await pause(attempt);
      }
    }
  }

  private async once<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const connection = await this.connected();
    try {
      const result = await work(this.statementsOf(connection));
      await this.query(connection, 'COMMIT');
      return result;
    } catch (error) {
      await this.undo(connection, error);
      throw error;
    }
  }

  private async connected(): Promise<Connection> {
    if (this.connection) return this.connection;
    let connection: Connection;
    try {
      connection = await this.open(false);
    } catch (error) {
      if (!isAccessDenied(error)) throw error;
      connection = await this.open(true);
    }
    // Without a listener, a connection that breaks while the environment is frozen would end the process.
    connection.on('error', () => this.forget(connection));
    this.connection = connection;
    return connection;
  }

  private async undo(connection: Connection, cause: unknown): Promise<void> {
    if (!isConnectionLost(cause)) {
      try {
        await this.query(connection, 'ROLLBACK');
        return;
      } catch {
        // Closing it makes the server roll back.
      }
    }
    this.forget(connection);
    connection.destroy();
  }

  private forget(connection: Connection): void {
    if (this.connection === connection) this.connection = null;
  }

  private statementsOf(connection: Connection): Transaction {
    return {
      rows: async (sql, values) => (await this.query(connection, sql, values)) as RowDataPacket[] as Row[],
      change: async (sql, values) => {
        const { affectedRows, insertId } = (await this.query(connection, sql, values)) as ResultSetHeader;
        return { affectedRows, insertId };
      },
    };
  }

  private async query(
    connection: Connection,
    sql: string,
    values: (Value | Value[])[] = [],
  ): Promise<unknown> {
    this.statements += 1;
    const [result] = await connection.query({ sql, values, timeout: STATEMENT_TIMEOUT_MS });
    return result;
  }
}

/** Between half and all of 10 ms · 2^attempt, at most 640 ms. */
function pause(attempt: number): Promise<void> {
  const most = 10 * 2 ** Math.min(attempt, 6);
  return new Promise((resolve) => setTimeout(resolve, most * (0.5 + Math.random() / 2)));
}
