import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath, URL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const BINARY = fileURLToPath(new URL('../../../bin/run.js', import.meta.url));

/** Whether util-linux's `script`, which makes a pseudo-terminal, is on this machine. */
export const canMakeTerminals = /util-linux/.test(
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '',
);

/** Longest silence: a spinner turns while anything goes on. */
const STALL_MS = 15_000;

export interface Answer {
  /** Types when the screen shows this for the first time since the last answer. */
  when: string;
  keys: string;
}

export interface TerminalOptions {
  cwd: string;
  environment?: Record<string, string>;
  columns?: number;
  answers?: readonly Answer[];
}

export interface TerminalResult {
  code: number | null;
  /** Everything that was written to the terminal, control sequences included. */
  raw: string;
  /** Without control sequences. */
  text: string;
  /** Answers for whose questions the screen never asked. */
  unasked: string[];
}

/** Runs the built binary on a pseudo-terminal, and types the answers when they are asked for. */
export function cachaoOnTerminal(args: readonly string[], options: TerminalOptions): Promise<TerminalResult> {
  const words = [process.execPath, BINARY, ...args].map((word) => `'${word}'`).join(' ');
  const command = `stty cols ${options.columns ?? 80} rows 50; exec ${words}`;
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], {
    cwd: options.cwd,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      HOME: options.cwd,
      XDG_CONFIG_HOME: path.join(options.cwd, '.config'),
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...options.environment,
    },
  });
  const waiting = [...(options.answers ?? [])];
  let raw = '';
  let unanswered = '';
  // A question that nobody answers waits for ever: then what stands on the screen is the result.
  let stall = setTimeout(() => child.kill('SIGKILL'), STALL_MS);
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    raw += chunk;
    clearTimeout(stall);
    stall = setTimeout(() => child.kill('SIGKILL'), STALL_MS);
    unanswered += chunk;
    const next = waiting[0];
    if (!next || !stripVTControlCharacters(unanswered).includes(next.when)) return;
    waiting.shift();
    unanswered = '';
    // A prompt draws itself before it listens.
    setTimeout(() => child.stdin.write(next.keys), 200);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(stall);
      resolve({
        code,
        raw,
        text: stripVTControlCharacters(raw).replaceAll('\r', ''),
        unasked: waiting.map((answer) => answer.when),
      });
    });
  });
}
