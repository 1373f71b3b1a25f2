import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import os from 'node:os';
import { onLines } from './lines.js';

/**
 * The program that watches execution environments from outside, because a handler that computes blocks its own process:
 * it ends those that use more memory than they may, and all of them when the cloud's process has ended, however it did.
 *
 * It takes "+PID LIMIT" and "-PID", one a line, and answers "PID MB" when one uses more than it ever did. What counts is
 * memory that no file backs. It is text, as the bootstrap is.
 */
const PROGRAM = String.raw`
const fs = require('node:fs');
const watched = new Map();
let timer;
let rest = '';
process.stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  for (const line of lines) {
    const [pid, limit] = line.slice(1).split(' ').map(Number);
    if (line[0] === '+') watched.set(pid, { limit, peak: 0 });
    else watched.delete(pid);
  }
  if (watched.size > 0) timer ??= setInterval(look, 100);
  else timer = clearInterval(timer);
});
process.stdin.on('end', () => {
  for (const pid of watched.keys()) kill(pid);
  process.exit();
});
process.stdout.on('error', () => {});

function look() {
  for (const [pid, seen] of watched) {
    const mb = used(pid);
    if (mb > seen.limit) kill(pid);
    if (mb <= seen.peak) continue;
    seen.peak = mb;
    process.stdout.write(pid + ' ' + mb + '\n');
  }
}

function used(pid) {
  try {
    const pages = fs.readFileSync('/proc/' + pid + '/statm', 'latin1').split(' ');
    return Math.ceil(((Number(pages[1]) - Number(pages[2])) * 4096) / 1048576);
  } catch {
    return 0;
  }
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {}
}
`;

interface Watched {
  /** MB. */
  limit: number;
  onPeak(mb: number): void;
}

const watched = new Map<number, Watched>();
/** One watches for all clouds of this process. */
let watcher: ChildProcess | undefined;

/** Has the process watched until it ends. `onPeak` hears of the most memory that was seen, in MB. */
export function watchOver(child: ChildProcess, limit: number, onPeak: (mb: number) => void): void {
  const { pid } = child;
  if (pid === undefined) return;
  watched.set(pid, { limit, onPeak });
  if (watcher) tell(`+${pid} ${limit}`);
  else start();
  child.once('exit', () => {
    watched.delete(pid);
    tell(`-${pid}`);
  });
}

function tell(line: string): void {
  (watcher?.stdin as Socket | undefined)?.write(`${line}\n`);
}

function start(): void {
  // Away from the terminal's signals, which are for this process: the watcher ends after it, and holds no directory.
  const started = spawn(process.execPath, ['-e', PROGRAM], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { SystemRoot: process.env.SystemRoot },
    cwd: os.tmpdir(),
    detached: true,
    windowsHide: true,
  });
  watcher = started;
  const gone = () => {
    if (watcher === started) watcher = undefined;
  };
  started.once('error', gone).once('exit', gone);
  started.stdin.on('error', gone);
  onLines(started.stdout, (line) => {
    const [pid, mb] = line.split(' ').map(Number) as [number, number];
    watched.get(pid)?.onPeak(mb);
  });
  // It is no reason to go on.
  started.unref();
  (started.stdin as Socket).unref();
  (started.stdout as Socket).unref();
  for (const [pid, { limit }] of watched) tell(`+${pid} ${limit}`);
}
