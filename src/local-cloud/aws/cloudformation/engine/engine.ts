import type { StackOperation } from '../state/records.js';
import type { State } from '../state/state.js';
import { PHASES } from './phases.js';
import { Run } from './run.js';

/** Carries out stack operations, one at a time per stack, and takes up those that a killed process left. */
export class Engine {
  private readonly runs = new Map<string, Promise<void>>();
  private stopped = false;

  constructor(private readonly state: State) {}

  /** Begins an operation that was put into the state, or goes on with it. */
  begin(operation: StackOperation): void {
    if (this.runs.has(operation.stackId)) return;
    const done = this.carryOut(operation.stackId).finally(() => {
      this.runs.delete(operation.stackId);
    });
    this.runs.set(operation.stackId, done);
  }

  resume(): void {
    for (const operation of this.state.operations.values()) this.begin(operation);
  }

  stop(): void {
    this.stopped = true;
  }

  private async carryOut(stackId: string): Promise<void> {
    const run = new Run(this.state, stackId);
    // The answer to the call that began it leaves first.
    await Promise.resolve();
    for (
      let operation = this.state.operations.get(stackId);
      operation && !this.stopped;
      operation = this.state.operations.get(stackId)
    )
      await PHASES[operation.phase](run);
  }
}
