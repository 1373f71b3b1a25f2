import type { Engine } from '../engine.js';
import { SqlError, unknownTable } from '../errors.js';
import type { TableName } from '../sql/ast.js';
import { describe, INFORMATION_TABLES } from './information-schema.js';
import { quoteName, sqliteName, type Table } from './table.js';

export const DATABASE = 'shop';

/**
 * The MySQL tables: their definitions are kept beside the rows, in the same file, because SQLite does not know
 * MySQL's types. `information_schema` is kept up to date as temporary tables.
 */
export class Schema {
  private readonly tables = new Map<string, Table>();

  constructor(private readonly engine: Engine) {
    engine.exec(
      'CREATE TABLE IF NOT EXISTS "internal.tables" (name TEXT PRIMARY KEY, definition TEXT NOT NULL)',
    );
    for (const [definition] of engine.rows('SELECT definition FROM "internal.tables" ORDER BY rowid')) {
      const table = JSON.parse(String(definition)) as Table;
      this.tables.set(table.name, table);
    }
    for (const table of INFORMATION_TABLES) {
      engine.exec(
        `CREATE TEMP TABLE ${sqliteName(table)} (${table.columns.map(({ name }) => `${quoteName(name)} COLLATE NOCASE`).join(', ')})`,
      );
    }
    this.describe();
  }

  find(schema: string | null, name: string): Table | undefined {
    if (schema?.toLowerCase() === 'information_schema') {
      return INFORMATION_TABLES.find((table) => table.name === name.toUpperCase());
    }
    return schema === null || schema === DATABASE ? this.tables.get(name) : undefined;
  }

  /** A table to write to. */
  writable(name: TableName): Table {
    const table = this.find(name.schema, name.name);
    if (!table) throw unknownTable(name.name);
    if (table.schema !== DATABASE) throw new SqlError(1044, `Access denied to database '${table.schema}'`);
    return table;
  }

  list(): Table[] {
    return [...this.tables.values()];
  }

  /** Keeps a new or changed definition; `change` makes the SQLite side follow. All or nothing. */
  put(table: Table, change: () => void): void {
    this.transact(() => {
      change();
      this.engine.run('INSERT OR REPLACE INTO "internal.tables" (name, definition) VALUES (?1, ?2)', [
        table.name,
        JSON.stringify(table),
      ]);
    });
    this.tables.set(table.name, table);
    this.describe();
  }

  remove(table: Table): void {
    this.transact(() => {
      this.engine.exec(`DROP TABLE ${sqliteName(table)}`);
      this.engine.run('DELETE FROM "internal.tables" WHERE name = ?1', [table.name]);
    });
    this.tables.delete(table.name);
    this.describe();
  }

  private transact(work: () => void): void {
    this.engine.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.engine.exec('COMMIT');
    } catch (error) {
      this.engine.exec('ROLLBACK');
      throw error;
    }
  }

  private describe(): void {
    const rows = describe(this.list());
    for (const table of INFORMATION_TABLES) {
      const holes = table.columns.map((_, index) => `?${index + 1}`).join(', ');
      this.engine.exec(`DELETE FROM ${sqliteName(table)}`);
      for (const row of rows[table.name] ?? [])
        this.engine.run(`INSERT INTO ${sqliteName(table)} VALUES (${holes})`, row);
    }
  }
}
