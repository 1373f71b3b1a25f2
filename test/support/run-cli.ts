import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export interface CliRun {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  /** Added to an otherwise nearly empty environment. */
  env?: Record<string, string>;
  cwd?: string;
  /** Where stdout goes, an open file; else it is kept. */
  stdout?: number;
  /** Called with the process once it runs. */
  started?(child: ChildProcess): void;
}

const PROGRAM = fileURLToPath(new URL('./test-cli.js', import.meta.url));

/** A directory of its own, outside any repository. */
export function temporaryDirectory(): string {
  return mkdtempSync(path.join(tmpdir(), 'cachao-test-'));
}

/** Runs the command line with the tests' own commands, in a process of its own, without a terminal. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const cwd = options.cwd ?? temporaryDirectory();
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd,
    // A home of its own, so that the machine's own profiles are not read.
    env: { PATH: process.env.PATH, HOME: cwd, LANG: 'C.UTF-8', NODE_NO_WARNINGS: '1', ...options.env },
    stdio: ['ignore', options.stdout ?? 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  options.started?.(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
