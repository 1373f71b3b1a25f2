import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { CachaoError } from '../core/errors.js';
import { privateDirectory } from '../core/private-directory.js';
import { type DeadMessage, entryOf } from './types.js';

/** Where messages go that can never be delivered: one file each, whole, which only its owner can read. */
export class Quarantine {
  private constructor(readonly directory: string) {}

  /** @throws QUARANTINE_UNWRITABLE */
  static async open(directory: string): Promise<Quarantine> {
    try {
      privateDirectory(directory);
      return new Quarantine(directory);
    } catch (error) {
      throw unwritable(directory, error);
    }
  }

  /**
   * The file's path, once it is on the disk: only then may the message leave its queue. The same message again, of a
   * run that was cut short in between, replaces the file. @throws QUARANTINE_UNWRITABLE
   */
  async keep(dead: DeadMessage, code: string, why: string): Promise<string> {
    const { message } = dead;
    const path = join(this.directory, `${message.messageId.replace(/[^\w-]/g, '_')}.json`);
    const content = {
      ...entryOf(dead),
      refused: { code, why },
      attributes: message.attributes,
      body: message.body,
    };
    try {
      const file = await open(`${path}.part`, 'w', 0o600);
      try {
        await file.writeFile(`${JSON.stringify(content, null, 2)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(`${path}.part`, path);
      return path;
    } catch (error) {
      throw unwritable(this.directory, error);
    }
  }
}

function unwritable(directory: string, error: unknown): CachaoError {
  return new CachaoError({
    code: 'QUARANTINE_UNWRITABLE',
    message: `The quarantine ${directory} cannot be written: ${(error as Error).message}.`,
    why: 'A message leaves its queue only after it was written to a file.',
    next: ['Name another directory with --quarantine.'],
    cause: error,
  });
}
