import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { InterruptedError } from '../core/errors.js';

/** What keys are read from. */
export type TerminalInput = Readable & { isRaw?: boolean; setRawMode?(raw: boolean): unknown };

/** Silence after which nothing more is on its way from the terminal. */
const QUIET_MS = 25;
const CTRL_C = '\u0003';

/**
 * Reads and forgets what was typed before a question was asked, so that it does not answer it.
 * @throws INTERRUPTED when Ctrl-C is among it.
 */
export async function forgetTypedAhead(stdin: TerminalInput): Promise<void> {
  const wasRaw = stdin.isRaw ?? false;
  let heard = true;
  let interrupted = false;
  const forget = (chunk: Buffer | string): void => {
    heard = true;
    interrupted ||= chunk.toString().includes(CTRL_C);
  };
  // A line that was not ended yet is handed over in raw mode alone.
  stdin.setRawMode?.(true);
  stdin.on('data', forget);
  while (heard) {
    heard = false;
    await pause(QUIET_MS);
  }
  stdin.off('data', forget);
  stdin.pause();
  stdin.setRawMode?.(wasRaw);
  if (interrupted) throw new InterruptedError('Interrupted at a question; nothing was answered.');
}
