import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeDirectory } from '../../support/directories.js';

const BINARY = fileURLToPath(new URL('../../../bin/run.js', import.meta.url));

export interface CliResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  cwd: string;
  environment?: Record<string, string>;
  /** What stands on standard input; nothing unless given. */
  input?: string;
  /** Called with the running process, for tests that end it early. */
  started?: (child: ChildProcess) => void;
}

/** Runs the built binary as a program without a terminal, with nothing of the machine's own configuration. */
export function cachao(args: string[], options: CliOptions): Promise<CliResult> {
  const child = spawn(process.execPath, [BINARY, ...args], {
    cwd: options.cwd,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: options.cwd,
      XDG_CONFIG_HOME: path.join(options.cwd, '.config'),
      NO_COLOR: '1',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...options.environment,
    },
  });
  child.stdin?.end(options.input);
  options.started?.(child);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** A directory of its own, where a user would stand. Removed by the returned function. */
export function workingDirectory(): { path: string; remove(): Promise<void> } {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'cachao-e2e-'));
  return { path: directory, remove: () => removeDirectory(directory) };
}
