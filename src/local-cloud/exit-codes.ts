import { StorageError } from './kernel/failure.js';
import { PortTaken } from './listeners.js';

/** With which the cloud's process ends when it cannot start: on a full disk there is no room for words. */
export const EXIT = { failed: 1, anotherHasIt: 75, diskFull: 76, notWritable: 77, portTaken: 78 };

export function exitCodeOf(error: unknown): number {
  if (error instanceof PortTaken) return EXIT.portTaken;
  if (!(error instanceof StorageError)) return EXIT.failed;
  return error.code === 'ENOSPC' || error.code === 'EDQUOT' ? EXIT.diskFull : EXIT.notWritable;
}
