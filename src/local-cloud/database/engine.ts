import fs from 'node:fs';
import sqlite from 'node-sqlite3-wasm';
import { SqlError } from './errors.js';
import type { Stored } from './schema/table.js';

/**
 * The SQLite file (or memory) underneath. One connection, in this process; everything is synchronous.
 * Commits are on disk before they return: a rollback journal with full synchronisation.
 */
export class Engine {
  /** What was found wrong with the file, for people to read. */
  readonly warnings: string[] = [];
  private readonly database: sqlite.Database;

  constructor(file?: string) {
    this.database = file === undefined ? new sqlite.Database(':memory:') : this.open(file);
    this.database.function('exact', exact, { deterministic: true });
    this.database.function('to_double', toDouble, { deterministic: true });
  }

  private open(file: string): sqlite.Database {
    // The lock directory of a process that was killed. The local cloud's own lock leaves only one owner.
    fs.rmSync(`${file}.lock`, { recursive: true, force: true });
    try {
      return openChecked(file);
    } catch (error) {
      const kept = `${file}.damaged-${new Date().toISOString().replaceAll(':', '-')}`;
      fs.renameSync(file, kept);
      if (fs.existsSync(`${file}-journal`)) fs.renameSync(`${file}-journal`, `${kept}-journal`);
      fs.rmSync(`${file}.lock`, { recursive: true, force: true });
      this.warnings.push(
        `The embedded database's file is damaged (${(error as Error).message}); it was set aside as ${kept}, and the database starts empty.`,
      );
      return openChecked(file);
    }
  }

  rows(sql: string, values: Stored[] = []): Stored[][] {
    return this.guard(() => this.database.all(sql, values).map((row) => Object.values(row) as Stored[]));
  }

  run(sql: string, values: Stored[] = []): { changes: number; rowId: bigint } {
    return this.guard(() => {
      const { changes, lastInsertRowid } = this.database.run(sql, values);
      return { changes, rowId: BigInt(lastInsertRowid) };
    });
  }

  exec(sql: string): void {
    this.guard(() => this.database.exec(sql));
  }

  /** Runs `work` so that an error leaves no trace of it, within the open transaction. */
  atomically<T>(work: () => T): T {
    this.exec('SAVEPOINT statement');
    try {
      const result = work();
      this.exec('RELEASE statement');
      return result;
    } catch (error) {
      this.exec('ROLLBACK TO statement; RELEASE statement');
      throw error;
    }
  }

  get closed(): boolean {
    return !this.database.isOpen;
  }

  close(): void {
    this.database.close();
  }

  private guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw explain(error as Error);
    }
  }
}

function openChecked(file: string): sqlite.Database {
  const database = new sqlite.Database(file);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY');
    const found = database.get('PRAGMA quick_check');
    if (found?.quick_check !== 'ok') throw new Error(String(found?.quick_check));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A unique key's violation, before it is known which key of the MySQL table it was. */
export class UniqueViolation extends Error {
  /** SQLite's `table.column` names. */
  constructor(readonly columns: string[]) {
    super(`UNIQUE constraint failed: ${columns.join(', ')}`);
  }
}

/** SQLite turns an integer that outgrows 64 bits into a double, which would silently be rounded. */
function exact(value: Stored | Uint8Array): Stored {
  if (value instanceof Uint8Array || (typeof value === 'number' && !Number.isSafeInteger(value))) {
    throw new Error('integer overflow');
  }
  return value;
}

/** A decimal, given as an integer of 10^-scale, as the nearest double. */
function toDouble(units: Stored | Uint8Array, scale: Stored | Uint8Array): number | null {
  return units === null ? null : Number(`${units}e-${scale}`);
}

function explain(error: Error): Error {
  const unique = /^UNIQUE constraint failed: (.*)$/.exec(error.message);
  if (unique)
    return new UniqueViolation(
      (unique[1] as string).split(', ').map((name) => name.slice(name.lastIndexOf('.') + 1)),
    );
  if (/^FOREIGN KEY constraint failed/.test(error.message)) {
    return new SqlError(1452, 'Cannot add, update or delete a row: a foreign key constraint fails');
  }
  if (/integer overflow/.test(error.message)) return new SqlError(1690, 'BIGINT value is out of range');
  return error;
}
