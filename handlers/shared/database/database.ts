import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import type { Address } from '../../contract/database-address.js';
import { type FailureKind, failureKind, type Product, productOf } from '../../contract/database-failures.js';
import { explain } from './failures.js';

const STATEMENT_TIMEOUT_MS = 10_000;
/** Attempts of one transaction, where the time allows: deadlocks and lock waits are expected, lost connections are not. */
const ATTEMPTS: Record<FailureKind, number> = {
  contention: 8,
  lost: 3,
  'refused-for-now': Number.POSITIVE_INFINITY,
  'wrong-server': Number.POSITIVE_INFINITY,
  schema: 1,
  permanent: 1,
};
/** No further attempt begins after this: the functions are stopped after 25 and 30 seconds. */
const PATIENCE_MS = 15_000;
/** Nothing that an attempt waits for may last longer than so long after the first began. */
const BUDGET_MS = 23_000;
/** After the first failure the place is looked up anew; at those that follow, not more often than this. */
const LOOK_AGAIN_MS = 2_000;

export type Value = string | number | null;
export type Row = Record<string, string | null>;

/** What a transaction may do. Every value that comes back is text or null. */
export interface Transaction {
  rows(sql: string, values?: (Value | Value[])[]): Promise<Row[]>;
  change(sql: string, values?: (Value | Value[])[]): Promise<{ affectedRows: number; insertId: number }>;
}

/** Where the database is, and how a connection to it is opened. */
export interface Place {
  /** Another one whenever anything about it changed. */
  id: string;
  /** Of the parameter that names it. */
  version: number;
  address: Address;
  open(timeoutMs: number): Promise<Connection>;
}

/** @param maximumAgeMs how long ago the place may have been looked up; 0: now; undefined: as usual */
export type Locate = (maximumAgeMs?: number) => Promise<Place>;

/**
 * The orders database, through one connection that the execution environment keeps, and that is opened when it is first
 * needed, was lost, or the place has changed. It is not pinged: a lost connection shows when it is used.
 */
export class Database {
  private connection: Connection | null = null;
  private previous: Promise<unknown> = Promise.resolve();
  /** Where the connection leads that is open, or was tried last. */
  private place: Place | null = null;
  /** Whose server answered last. */
  private product: Product | null = null;
  /** Statements sent since the start, for measurements. */
  statements = 0;

  constructor(
    private readonly locate: Locate,
    private readonly limits = { patienceMs: PATIENCE_MS, statementMs: STATEMENT_TIMEOUT_MS },
  ) {}

  /**
   * Runs `work` in a transaction and commits. What may pass is tried again from the start, with growing random pauses:
   * `work` must be safe to repeat even if its commit had succeeded. Whenever a connection is lost or not given, the
   * place is looked up anew.
   * @param maximumAgeMs how long ago the place may have been looked up
   * @throws HandlerError DATABASE_UNAVAILABLE, DATABASE_SCHEMA, or what `work` throws
   */
  transaction<T>(
    work: (transaction: Transaction, place: Place) => Promise<T>,
    maximumAgeMs?: number,
  ): Promise<T> {
    const result = this.previous.then(() => this.attempt(work, maximumAgeMs));
    this.previous = result.catch(() => undefined);
    return result;
  }

  /** Version of the parameter by which a connection was opened, or tried, last. */
  get lastVersion(): number | null {
    return this.place?.version ?? null;
  }

  async close(): Promise<void> {
    const { connection } = this;
    this.connection = null;
    await connection?.end();
  }

  private async attempt<T>(
    work: (transaction: Transaction, place: Place) => Promise<T>,
    maximumAgeMs?: number,
  ): Promise<T> {
    const began = Date.now();
    let age = maximumAgeMs;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(work, age, began + BUDGET_MS);
      } catch (error) {
        const kind = failureKind(error, this.product);
        const isLate = Date.now() - began > this.limits.patienceMs;
        if (kind === undefined || isLate) throw explain(error, this.product);
        let hasMoved = false;
        if (this.connection === null) {
          hasMoved = await this.hasMoved(age === LOOK_AGAIN_MS ? LOOK_AGAIN_MS : 0);
          age = LOOK_AGAIN_MS;
        }
        if (hasMoved) continue;
        if (attempt >= ATTEMPTS[kind]) throw explain(error, this.product);
        await pause(attempt, kind);
      }
    }
  }

  /** Whether the database is somewhere else by now than where it was tried. */
  private async hasMoved(maximumAgeMs: number): Promise<boolean> {
    const tried = this.place?.id;
    try {
      return (await this.locate(maximumAgeMs)).id !== tried;
    } catch {
      // What the attempt failed on says more.
      return false;
    }
  }

  private async once<T>(
    work: (transaction: Transaction, place: Place) => Promise<T>,
    maximumAgeMs: number | undefined,
    until: number,
  ): Promise<T> {
    const place = await this.locate(maximumAgeMs);
    const connection = await this.connected(place, until);
    try {
      const result = await work(this.statementsOf(connection, until), place);
      await this.query(connection, until, 'COMMIT');
      return result;
    } catch (error) {
      await this.undo(connection, error);
      throw error;
    }
  }

  private async connected(place: Place, until: number): Promise<Connection> {
    if (this.connection && this.place?.id === place.id) return this.connection;
    this.connection?.destroy();
    this.connection = null;
    this.place = place;
    const connection = await place.open(remaining(until));
    this.product = productOf(serverVersion(connection));
    // Without a listener, a connection that breaks while the environment is frozen would end the process.
    connection.on('error', () => this.forget(connection));
    this.connection = connection;
    return connection;
  }

  /** A server that takes no writes is left as well: the name may lead to another by now. */
  private async undo(connection: Connection, thrown: unknown): Promise<void> {
    // What `work` explains in its own words says by its cause what became of the connection.
    const kind = failureKind((thrown as Error).cause ?? thrown, this.product);
    if (kind !== 'lost' && kind !== 'wrong-server') {
      try {
        await this.query(connection, Date.now() + this.limits.statementMs, 'ROLLBACK');
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

  private statementsOf(connection: Connection, until: number): Transaction {
    return {
      rows: async (sql, values) =>
        (await this.query(connection, until, sql, values)) as RowDataPacket[] as Row[],
      change: async (sql, values) => {
        const { affectedRows, insertId } = (await this.query(
          connection,
          until,
          sql,
          values,
        )) as ResultSetHeader;
        return { affectedRows, insertId };
      },
    };
  }

  private async query(
    connection: Connection,
    until: number,
    sql: string,
    values: (Value | Value[])[] = [],
  ): Promise<unknown> {
    this.statements += 1;
    const timeout = Math.min(this.limits.statementMs, remaining(until));
    const [result] = await connection.query({ sql, values, timeout });
    return result;
  }
}

function remaining(until: number): number {
  return Math.max(until - Date.now(), 250);
}

/** Not among the driver's types. */
function serverVersion(connection: Connection): string {
  const { connection: core } = connection as unknown as {
    connection?: { _handshakePacket?: { serverVersion?: string } };
  };
  return core?._handshakePacket?.serverVersion ?? '';
}

/** Between half and all of 10 ms · 2^attempt, at most 640 ms; a server that is not ready is given up to two seconds. */
function pause(attempt: number, kind: FailureKind): Promise<void> {
  const isUnready = kind === 'refused-for-now' || kind === 'wrong-server';
  const most = isUnready ? Math.min(50 * 2 ** Math.min(attempt, 6), 2_000) : 10 * 2 ** Math.min(attempt, 6);
  return new Promise((resolve) => setTimeout(resolve, most * (0.5 + Math.random() / 2)));
}
