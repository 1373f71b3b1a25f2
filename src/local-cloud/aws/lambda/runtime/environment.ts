import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { allowKillOf } from '../../../kernel/processes.js';
import { onLines } from './lines.js';
import { watchOver } from './watcher.js';

/** What the bootstrap reports, one JSON document a line. */
type Frame =
  | { type: 'ready'; memory: number }
  | { type: 'init-error'; error: FunctionFailure; memory: number }
  | { type: 'log'; line: string }
  | { type: 'done'; payload?: string; error?: FunctionFailure; memory: number; fatal?: boolean };

/** What a caller gets to see of a failed invocation. */
export interface FunctionFailure {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}

export interface EnvironmentOptions {
  bootstrap: string;
  taskRoot: string;
  variables: Record<string, string>;
  /** MB. */
  memorySize: number;
  onLine(line: string): void;
}

export interface InvocationRequest {
  requestId: string;
  payload: string;
  functionArn: string;
  traceId: string;
  clientContext?: unknown;
  /** Milliseconds since the epoch, by the cloud's clock. */
  deadline: number;
  /** How far the cloud's clock is ahead of the real one, in milliseconds; 0 unless somebody moved it. */
  clock: number;
}

/** How the program answered one event. */
export type Answer =
  | { kind: 'payload'; payload: string }
  | { kind: 'failure'; failure: FunctionFailure }
  | { kind: 'timeout' }
  /** It went away without an answer. */
  | { kind: 'exit'; code: number | null; signal: NodeJS.Signals | null };

/** Lambda gives the code this long (real milliseconds) to load. */
const INIT_TIMEOUT = 10_000;
/** After the process has ended, its last words may still be on their way; real milliseconds. */
const LAST_WORDS = 300;

/** One process that runs one function's code, for one event at a time. */
export class Environment {
  /** MB, the most that was seen. */
  memoryUsed = 0;
  alive = true;
  private readonly child: ChildProcess;
  private settle: ((answer: Answer) => void) | undefined;

  private constructor(private readonly options: EnvironmentOptions) {
    const heap = Math.max(32, Math.floor(options.memorySize * 0.9));
    const { bootstrap, taskRoot, variables, memorySize } = options;
    this.child = spawn(process.execPath, [`--max-old-space-size=${heap}`, bootstrap, String(memorySize)], {
      cwd: taskRoot,
      env: variables,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'ipc'],
    });
    allowKillOf(this.child);
    watchOver(this.child, memorySize, (mb) => {
      this.memoryUsed = Math.max(this.memoryUsed, mb);
    });
    this.child.on('error', () => this.ended(null, null));
    this.child.on('exit', (code, signal) => {
      const late = setTimeout(() => this.ended(code, signal), LAST_WORDS);
      this.child.once('close', () => {
        clearTimeout(late);
        this.ended(code, signal);
      });
    });
    // Only what goes around the patched streams arrives here: native code, V8's own last words.
    for (const stream of [this.child.stdout, this.child.stderr]) if (stream) onLines(stream, options.onLine);
    onLines(this.child.stdio[3] as Readable, (line) => this.takeLine(line));
  }

  /** Starts the process and loads the handler. */
  static async start(options: EnvironmentOptions): Promise<{ environment: Environment; initError?: Answer }> {
    const environment = new Environment(options);
    const answer = await environment.answer(INIT_TIMEOUT);
    if (answer.kind === 'payload') return { environment };
    environment.kill();
    return { environment, initError: answer };
  }

  /** `timeout` in real milliseconds: the code really runs. A timeout ends the process. */
  async invoke(request: InvocationRequest, timeout: number): Promise<Answer> {
    const answered = this.answer(timeout);
    if (this.alive) this.child.send(request, () => {});
    return answered;
  }

  kill(): void {
    this.alive = false;
    this.child.kill('SIGKILL');
  }

  private answer(timeout: number): Promise<Answer> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.kill();
        this.settle?.({ kind: 'timeout' });
      }, timeout);
      this.settle = (answer) => {
        clearTimeout(timer);
        this.settle = undefined;
        resolve(answer);
      };
      if (!this.alive)
        this.settle({ kind: 'exit', code: this.child.exitCode, signal: this.child.signalCode });
    });
  }

  private takeLine(line: string): void {
    let frame: Frame;
    try {
      frame = JSON.parse(line) as Frame;
    } catch {
      // The process was killed while it wrote.
      return;
    }
    this.take(frame);
  }

  private take(frame: Frame): void {
    if (frame.type === 'log') {
      this.options.onLine(frame.line);
      return;
    }
    this.memoryUsed = Math.max(this.memoryUsed, frame.memory);
    if (frame.type === 'ready') this.settle?.({ kind: 'payload', payload: 'null' });
    else if (frame.error) {
      if (frame.type === 'init-error' || frame.fatal) this.alive = false;
      this.settle?.({ kind: 'failure', failure: frame.error });
    } else this.settle?.({ kind: 'payload', payload: (frame as { payload?: string }).payload ?? 'null' });
  }

  private ended(code: number | null, signal: NodeJS.Signals | null): void {
    this.alive = false;
    this.settle?.({ kind: 'exit', code, signal });
  }
}
