import { randomBytes } from 'node:crypto';
import type { FunctionRecord } from '../function-record.js';
import type { LambdaState } from '../state.js';
import { CodeDirectory } from './code-directory.js';
import type { Answer } from './environment.js';
import { judge, type Verdict } from './failures.js';
import { PlatformLog } from './platform-log.js';
import { type ColdStart, Pool, type Slot } from './pool.js';

export interface RunRequest {
  requestId: string;
  payload: string;
  clientContext?: unknown;
}

export interface RunResult extends Verdict {
  /** Real milliseconds that the code ran. */
  duration: number;
  /** Last 4 KB of what the invocation logged. */
  logTail: string;
}

/** How much of an invocation's log a caller may ask for, in bytes. */
const TAIL = 4096;

/** Runs functions' code: one pool of execution environments per function. */
export class Runner {
  private readonly pools = new Map<string, Pool>();
  private readonly code: CodeDirectory;

  constructor(private readonly state: LambdaState) {
    this.code = new CodeDirectory(state.cloud.store);
  }

  pool(arn: string): Pool {
    let pool = this.pools.get(arn);
    if (!pool) {
      pool = new Pool(this.state, this.code, arn);
      this.pools.set(arn, pool);
    }
    return pool;
  }

  /** Runs one event to its end, whatever the end is. Never rejects for what the function does. */
  async run(record: FunctionRecord, request: RunRequest): Promise<RunResult> {
    if (!record.runtime.startsWith('nodejs')) return cannotExecute(record);
    const pool = this.pool(record.arn);
    const { slot, cold } = await pool.acquire();
    try {
      return await this.runIn(slot, request, cold);
    } finally {
      pool.release(slot);
      await slot.logs.flush();
    }
  }

  /** A function changed: environments of the old code end. */
  retire(arn: string): void {
    this.pools.get(arn)?.retire();
  }

  /** A function is gone. */
  remove(arn: string): void {
    this.pools.get(arn)?.stop();
    this.pools.delete(arn);
  }

  stop(): void {
    for (const pool of this.pools.values()) pool.stop();
    this.pools.clear();
    this.code.remove();
  }

  private async runIn(slot: Slot, request: RunRequest, cold: ColdStart | undefined): Promise<RunResult> {
    const { record } = slot;
    const clock = this.state.cloud.clock;
    const platform = new PlatformLog(record.logging);
    const tail = new Tail();
    const write = (line: string) => {
      slot.logs.append(line);
      tail.add(line);
    };
    slot.onLine = write;
    const traceId = newTraceId(clock.now(), record.tracingMode === 'Active');
    if (cold?.error) {
      const failure = judge(cold.error, request.requestId, record.timeout, clock.iso()).failure;
      for (const line of platform.initError(
        { errorType: failure?.errorType ?? 'Runtime.Unknown' },
        cold.duration,
        clock.iso(),
      ))
        write(line);
    }
    for (const line of platform.start(request.requestId, clock.iso())) write(line);
    const begun = performance.now();
    const answer = cold?.error ?? (await this.ask(slot, request, traceId));
    const duration = performance.now() - begun;
    const verdict = judge(answer, request.requestId, record.timeout, clock.iso());
    if (verdict.line !== undefined) for (const line of platform.fault(verdict.line)) write(line);
    const measured = {
      requestId: request.requestId,
      duration: verdict.status === 'timeout' ? record.timeout * 1000 : duration,
      ...(cold && { initDuration: cold.duration }),
      memorySize: record.memorySize,
      memoryUsed: Math.min(slot.environment.memoryUsed, record.memorySize),
      traceId,
      sampled: record.tracingMode === 'Active',
    };
    for (const line of platform.end(verdict, measured, clock.iso())) write(line);
    return { ...verdict, duration, logTail: tail.text() };
  }

  private ask(slot: Slot, request: RunRequest, traceId: string): Promise<Answer> {
    const timeout = slot.record.timeout * 1000;
    const { clock } = this.state.cloud;
    return slot.environment.invoke(
      {
        ...request,
        functionArn: slot.record.arn,
        traceId,
        deadline: clock.now() + timeout,
        clock: clock.ahead,
      },
      timeout,
    );
  }
}

/** Other runtimes are accepted as configuration, so that any template deploys; their code cannot run here. */
function cannotExecute(record: FunctionRecord): RunResult {
  const failure = {
    errorType: 'Runtime.Unsupported',
    errorMessage: `The local cloud runs Node.js functions only; ${record.name} has the runtime ${record.runtime}.`,
  };
  return { status: 'error', payload: JSON.stringify(failure), failure, duration: 0, logTail: '' };
}

/** Keeps the end of a text. */
class Tail {
  private kept = '';

  add(line: string): void {
    this.kept = `${this.kept}${line}${line.endsWith('\n') ? '' : '\n'}`.slice(-TAIL);
  }

  text(): string {
    return Buffer.from(this.kept, 'utf8').subarray(-TAIL).toString('base64');
  }
}

function newTraceId(now: number, sampled: boolean): string {
  const root = `1-${Math.floor(now / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
  return `Root=${root};Parent=${randomBytes(8).toString('hex')};Sampled=${sampled ? 1 : 0}`;
}
