import { closeSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { CachaoError } from '../core/errors.js';
import { privateDirectory } from '../core/private-directory.js';
import { redact } from '../core/secret.js';

/**
 * What became of every message, as lines of JSON, each written at once: whatever ends the run, the file tells how far
 * it came. Ids and reasons only, never bodies.
 */
export class Journal {
  private constructor(
    readonly path: string,
    private readonly file: number,
  ) {}

  /** @throws JOURNAL_UNWRITABLE: without a journal nothing is replayed */
  static async open(path: string): Promise<Journal> {
    try {
      privateDirectory(dirname(path));
      return new Journal(path, openSync(path, 'a', 0o600));
    } catch (error) {
      throw unwritable(path, error);
    }
  }

  /** @throws JOURNAL_UNWRITABLE */
  write(entry: object): void {
    const line = redact(JSON.stringify({ time: new Date().toISOString(), ...entry }));
    try {
      writeSync(this.file, `${line}\n`);
    } catch (error) {
      throw unwritable(this.path, error);
    }
  }

  close(): void {
    closeSync(this.file);
  }
}

function unwritable(path: string, error: unknown): CachaoError {
  return new CachaoError({
    code: 'JOURNAL_UNWRITABLE',
    message: `The journal ${path} cannot be written: ${(error as Error).message}.`,
    next: ['Make room there, or name another file with --journal.'],
    cause: error,
  });
}
