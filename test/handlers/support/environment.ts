import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface Answer {
  id: string;
  result?: unknown;
  error?: string;
  message?: string;
}

/** One execution environment of a bundled function, in a process of its own. */
export interface Environment {
  invoke(input: unknown, id?: string): Promise<Answer>;
  /** Lets time pass for it before its next invocation, without anybody waiting. */
  lieIdle(milliseconds: number): void;
  /** What it logged so far. */
  log(): string;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('./environment.mjs', import.meta.url));

export async function startEnvironment(
  bundle: string,
  variables: Record<string, string>,
): Promise<Environment> {
  const child: ChildProcess = spawn(process.execPath, [PROGRAM, pathToFileURL(bundle).href], {
    env: { PATH: process.env.PATH ?? '', ...variables },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const waiting = new Map<string, (answer: Answer) => void>();
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const ready = new Promise<void>((resolve, reject) => {
    child.on('close', () => reject(new Error(`the environment ended: ${log}`)));
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const answer = JSON.parse(line) as Answer & { ready?: boolean };
      if (answer.ready) resolve();
      else waiting.get(answer.id)?.(answer);
    });
  });
  await ready;
  let idleMs = 0;
  return {
    invoke: (input, id = randomUUID()) =>
      new Promise((resolve) => {
        waiting.set(id, resolve);
        child.stdin?.write(`${JSON.stringify({ id, input, sleepMs: idleMs })}\n`);
        idleMs = 0;
      }),
    lieIdle: (milliseconds) => {
      idleMs += milliseconds;
    },
    log: () => log,
    kill: async (signal = 'SIGKILL') => {
      child.kill(signal);
      await closed;
    },
  };
}
