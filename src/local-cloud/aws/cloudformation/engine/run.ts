import type { Principal } from '../../../kernel/service.js';
import type { Configuration, Stack, StackOperation } from '../state/records.js';
import type { State } from '../state/state.js';
import { actingPrincipal } from './context.js';

/** One operation at work in this process. Everything lasting is in the state; this holds only what tasks share. */
export class Run {
  /** Set while a phase winds down: what has not begun its work yet is cancelled. */
  winding = false;

  constructor(
    readonly state: State,
    readonly stackId: string,
  ) {}

  get stack(): Stack {
    return this.state.current(this.stackId);
  }

  get operation(): StackOperation {
    return this.state.operations.get(this.stackId) as StackOperation;
  }

  get configuration(): Configuration {
    return this.stack.configuration;
  }

  get principal(): Principal {
    return actingPrincipal(this.configuration, this.operation.principal);
  }

  changeOperation(fields: Partial<StackOperation>): void {
    this.state.operations.set(this.stackId, { ...this.operation, ...fields });
  }

  /** What was cancelled is being undone; the undoing itself is not cancelled. */
  clearCancellation(): void {
    const { cancelled: _reason, ...operation } = this.operation;
    this.state.operations.set(this.stackId, operation);
  }

  /** Whether tasks that still wait should give up. */
  get stopping(): boolean {
    return this.winding || this.operation.cancelled !== undefined;
  }

  /** Lets simulated time pass, with what was written before it safely on disk. */
  async pause(milliseconds: number): Promise<void> {
    this.state.cloud.store.flush();
    await this.state.cloud.clock.sleep(milliseconds);
  }
}
