import { appendFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { logCallsTo } from '../../core/call-log.js';
import { privateDirectory } from '../../core/private-directory.js';
import { redact } from '../../core/secret.js';

/** A file of this process below `.cachao/log`, for its owner alone: a line of JSON for each thing, no secret in it. */
export class DebugLog {
  private constructor(readonly path: string) {}

  /** Undefined where no file can be written: what is only told for debugging stops nothing. */
  static open(command: string): DebugLog | undefined {
    const time = new Date().toISOString().slice(0, 19).replaceAll(':', '');
    const directory = resolve('.cachao', 'log');
    const log = new DebugLog(join(directory, `${command || 'cachao'}-${time}Z-${process.pid}.jsonl`));
    try {
      privateDirectory(directory);
      log.#append({ event: 'start', command, node: process.version, platform: process.platform });
      return log;
    } catch {
      return undefined;
    }
  }

  /** Logs every call of AWS and Stripe from now on: which, how it ended, how long it took; no bodies. */
  followCalls(): void {
    logCallsTo((call) => this.write({ event: 'call', ...call }));
  }

  write(entry: Record<string, unknown>): void {
    try {
      this.#append(entry);
    } catch {
      // A disk that is full by now must not stop the work.
    }
  }

  #append(entry: Record<string, unknown>): void {
    const line = JSON.stringify({ time: new Date().toISOString(), ...entry });
    appendFileSync(this.path, `${redact(line)}\n`, { mode: 0o600 });
  }
}

/** Where an error came from, with its causes. */
export function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\nCaused by ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
