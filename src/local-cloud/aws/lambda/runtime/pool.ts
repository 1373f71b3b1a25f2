import type { LocalCloud } from '../../../kernel/cloud.js';
import { functionNotFound } from '../errors.js';
import type { FunctionRecord } from '../function-record.js';
import type { LambdaState } from '../state.js';
import type { CodeDirectory } from './code-directory.js';
import { type Answer, Environment } from './environment.js';
import { LogStream } from './log-stream.js';
import { environmentVariables } from './variables.js';

/**
 * How many processes one function gets. Not an API limit: the machine is not Lambda's fleet, so invocations above it
 * wait their turn here as if they were running.
 */
export const PROCESSES_PER_FUNCTION = 4;
/** Simulated milliseconds without work after which AWS's habit is to reclaim an environment. */
const IDLE_TIME = 30 * 60_000;
/** The role's keys live for an hour at least. */
const LIFETIME = 45 * 60_000;

/** An environment with what belongs to it. */
export interface Slot {
  readonly record: FunctionRecord;
  readonly environment: Environment;
  readonly logs: LogStream;
  readonly created: number;
  /** Receives what the running invocation logs. */
  onLine: (line: string) => void;
  stopReaping?: () => void;
}

/** Real milliseconds that loading took, and the answer when it failed. */
export interface ColdStart {
  duration: number;
  error?: Answer;
}

/** One function's execution environments. */
export class Pool {
  private readonly idle: Slot[] = [];
  private readonly slots = new Set<Slot>();
  private readonly waiting: (() => void)[] = [];
  private starting = 0;
  private stopped = false;

  constructor(
    private readonly state: LambdaState,
    private readonly code: CodeDirectory,
    private readonly arn: string,
  ) {}

  /** Whether an invocation would run at once. */
  get hasRoom(): boolean {
    return (
      this.waiting.length === 0 &&
      (this.idle.length > 0 || this.slots.size + this.starting < PROCESSES_PER_FUNCTION)
    );
  }

  /** An environment of the function as it is now, when one is free. */
  async acquire(): Promise<{ slot: Slot; cold?: ColdStart }> {
    for (;;) {
      const record = this.state.functions.get(this.arn);
      if (!record || this.stopped) throw functionNotFound(this.arn);
      const slot = this.takeIdle(record);
      if (slot) return { slot };
      if (this.slots.size + this.starting < PROCESSES_PER_FUNCTION) return this.start(record);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  release(slot: Slot): void {
    slot.onLine = (line) => slot.logs.append(line);
    if (slot.environment.alive && this.isCurrent(slot)) {
      this.idle.push(slot);
      slot.stopReaping = this.cloud.clock.at(this.cloud.clock.now() + IDLE_TIME, () => this.discard(slot));
    } else this.discard(slot);
    this.waiting.shift()?.();
  }

  /** Ends idle environments of older code; those at work end when they are released. */
  retire(): void {
    for (const slot of [...this.idle]) if (!this.isCurrent(slot)) this.discard(slot);
  }

  /** Those who wait for an environment are refused as if the function were gone. */
  stop(): void {
    this.stopped = true;
    for (const slot of [...this.slots]) this.discard(slot);
    for (const wake of this.waiting.splice(0)) wake();
  }

  private get cloud(): LocalCloud {
    return this.state.cloud;
  }

  private isCurrent(slot: Slot): boolean {
    const current = this.state.functions.get(this.arn);
    return (
      current?.deploymentId === slot.record.deploymentId && this.cloud.clock.now() - slot.created < LIFETIME
    );
  }

  private takeIdle(record: FunctionRecord): Slot | undefined {
    for (let slot = this.idle.pop(); slot; slot = this.idle.pop()) {
      slot.stopReaping?.();
      if (slot.environment.alive && this.isCurrent(slot) && slot.record.deploymentId === record.deploymentId)
        return slot;
      this.discard(slot);
    }
    return undefined;
  }

  private discard(slot: Slot): void {
    slot.stopReaping?.();
    slot.environment.kill();
    this.slots.delete(slot);
    const at = this.idle.indexOf(slot);
    if (at >= 0) this.idle.splice(at, 1);
  }

  private async start(record: FunctionRecord): Promise<{ slot: Slot; cold: ColdStart }> {
    this.starting += 1;
    const logs = new LogStream(this.cloud, record);
    const begun = performance.now();
    let slot: Slot | undefined;
    try {
      const early: string[] = [];
      const { environment, initError } = await Environment.start({
        bootstrap: this.code.bootstrap(),
        taskRoot: this.code.unpacked(record.code.blob),
        variables: this.variables(record, logs),
        memorySize: record.memorySize,
        onLine: (line) => (slot ? slot.onLine(line) : early.push(line)),
      });
      const duration = performance.now() - begun;
      slot = {
        record,
        environment,
        logs,
        created: this.cloud.clock.now(),
        onLine: (line) => logs.append(line),
      };
      for (const line of early) logs.append(line);
      this.slots.add(slot);
      return { slot, cold: { duration, ...(initError && { error: initError }) } };
    } finally {
      this.starting -= 1;
    }
  }

  private variables(record: FunctionRecord, logs: LogStream): Record<string, string> {
    return environmentVariables({
      record,
      variables: this.state.variables(record),
      keys: this.cloud.port('iam').session(record.role, record.name),
      endpoint: this.cloud.addresses.aws,
      taskRoot: this.code.unpacked(record.code.blob),
      logStream: logs.name,
    });
  }
}
