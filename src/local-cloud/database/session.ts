import type { SessionFacts } from './compile/scope.js';
import { compileSelect } from './compile/select.js';
import type { Engine } from './engine.js';
import { SqlError } from './errors.js';
import { type Context, emptyScope, ok, type Result } from './execute/context.js';
import { addColumn, createIndex, createTable, dropTable } from './execute/ddl.js';
import { insert } from './execute/insert.js';
import { remove, update } from './execute/update.js';
import type { TransactionLock } from './lock.js';
import { DATABASE, type Schema } from './schema/schema.js';
import { show } from './show.js';
import type { Select, Statement } from './sql/ast.js';
import { parse } from './sql/parse.js';
import { Variables } from './variables.js';

type Write = Extract<Statement, { kind: 'insert' | 'update' | 'delete' }>;
type Definition = Extract<Statement, { kind: 'create-table' | 'drop-table' | 'add-column' | 'create-index' }>;

/** One client's session: its variables and its transaction. Statements are run one after the other. */
export class Session implements SessionFacts {
  lastInsertId = 0n;
  /** CLIENT_FOUND_ROWS: `affectedRows` of an update counts rows that matched, not rows that changed. */
  foundRows = false;
  private readonly variables = new Variables();
  /** START TRANSACTION was said, or, without autocommit, a statement was run. */
  private open = false;
  /** SQLite's transaction is open, and the lock is held. */
  private begun = false;
  private ended = false;
  private previous: Promise<unknown> = Promise.resolve();
  private readonly context: Context;

  constructor(
    readonly connectionId: number,
    private readonly engine: Engine,
    schema: Schema,
    private readonly lock: TransactionLock,
  ) {
    this.context = { engine, schema, session: this };
  }

  variable(name: string): string | undefined {
    return this.variables.get(name);
  }

  get inTransaction(): boolean {
    return this.open;
  }

  get autocommit(): boolean {
    return this.variables.get('autocommit') === '1';
  }

  run(sql: string): Promise<Result> {
    const result = this.previous.then(() => this.dispatch(sql));
    this.previous = result.catch(() => undefined);
    return result;
  }

  /** The client is gone: what it did not commit is undone at once. */
  end(): void {
    this.ended = true;
    this.rollback();
    this.lock.abandon(this);
  }

  /** COM_RESET_CONNECTION: as after connecting. */
  reset(): void {
    this.rollback();
    for (const [name, value] of new Variables().show(null))
      if (this.variables.get(name) !== value) this.variables.set(name, value);
    this.lastInsertId = 0n;
  }

  private async dispatch(sql: string): Promise<Result> {
    try {
      return await this.execute(parse(sql));
    } catch (error) {
      // The statement is named without its values, which may be anybody's data.
      if (!(error instanceof SqlError) || error.code !== 1235) throw error;
      const shape = sql.replace(/'(?:[^'\\]|\\[\s\S]|'')*'/g, "'…'").slice(0, 200);
      throw new SqlError(1235, `${error.message}. The statement: ${shape}`);
    }
  }

  private async execute(statement: Statement): Promise<Result> {
    switch (statement.kind) {
      case 'select':
        return this.select(statement);
      case 'insert':
      case 'update':
      case 'delete':
        return this.write(statement);
      case 'begin':
        this.commit();
        this.open = true;
        return ok();
      case 'commit':
        this.commit();
        return ok();
      case 'rollback':
        this.rollback();
        return ok();
      case 'set':
        return this.set(statement.assignments);
      case 'show':
        return show(statement, this.variables, this.context);
      case 'use':
        if (statement.database !== DATABASE)
          throw new SqlError(1049, `Unknown database '${statement.database}'`);
        return ok();
      default:
        return this.define(statement);
    }
  }

  private async select(statement: Select): Promise<Result> {
    const run = (): Result => {
      const scope = emptyScope(this.context);
      const { sql, columns } = compileSelect(statement, scope);
      return { kind: 'rows', columns, rows: this.engine.rows(sql, scope.bindings.values) };
    };
    // `SELECT VERSION()` and the like wait for nobody.
    if (statement.from.length === 0) return run();
    const keeps = statement.locking && (this.open || !this.autocommit);
    const held = this.lock.isHeldBy(this);
    await this.acquire();
    try {
      if (keeps) this.begin();
      return run();
    } finally {
      // A plain read only waits until no other transaction has uncommitted changes, so that it never sees any.
      if (!keeps && !held) this.lock.release(this);
    }
  }

  private async write(statement: Write): Promise<Result> {
    await this.acquire();
    const single = !this.open && this.autocommit;
    this.begin();
    try {
      const result = this.engine.atomically(() => apply(statement, this.context));
      if (result.kind === 'ok' && result.generated) this.lastInsertId = result.insertId;
      if (single) this.commit();
      return result;
    } catch (error) {
      if (single) this.rollback();
      throw error;
    }
  }

  private async define(statement: Definition): Promise<Result> {
    // MySQL commits before a change of the schema, whatever comes of it.
    this.commit();
    await this.acquire();
    try {
      return define(statement, this.context);
    } finally {
      this.lock.release(this);
    }
  }

  private set(assignments: { name: string; value: string }[]): Result {
    for (const { name, value } of assignments) {
      if (name === 'autocommit' && !this.autocommit && /^(?:1|on|true)$/i.test(value)) this.commit();
      this.variables.set(name, value);
    }
    return ok();
  }

  private async acquire(): Promise<void> {
    await this.lock.acquire(this, Number(this.variables.get('innodb_lock_wait_timeout')));
    if (!this.ended) return;
    this.lock.release(this);
    throw new SqlError(1317, 'Query execution was interrupted');
  }

  /** The lock is held from here to the end of the transaction. */
  private begin(): void {
    this.open = true;
    if (this.begun) return;
    this.engine.exec('BEGIN IMMEDIATE');
    this.begun = true;
  }

  private commit(): void {
    this.finish('COMMIT');
  }

  private rollback(): void {
    this.finish('ROLLBACK');
  }

  private finish(how: 'COMMIT' | 'ROLLBACK'): void {
    this.open = false;
    if (this.begun) {
      this.begun = false;
      // A connection that ends after the database was closed: closing undid what was open.
      if (how === 'COMMIT' || !this.engine.closed) this.engine.exec(how);
    }
    this.lock.release(this);
  }
}

function apply(statement: Write, context: Context): Result {
  if (statement.kind === 'insert') return insert(statement, context);
  return statement.kind === 'update' ? update(statement, context) : remove(statement, context);
}

function define(statement: Definition, context: Context): Result {
  switch (statement.kind) {
    case 'create-table':
      return createTable(statement, context);
    case 'drop-table':
      return dropTable(statement, context);
    case 'add-column':
      return addColumn(statement, context);
    case 'create-index':
      return createIndex(statement, context);
  }
}
