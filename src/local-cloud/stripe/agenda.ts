import type { Cancel, Clock } from '../kernel/clock.js';
import type { Store, Table } from '../kernel/store.js';

interface Task {
  kind: string;
  id: string;
  /** Milliseconds since the epoch. */
  due: number;
  /** Runs only when `now()` has really reached `due`; otherwise the hastened clock may run it earlier. */
  exact: boolean;
}

export type TaskHandler = (id: string) => void | Promise<void>;

/**
 * What Stripe does later by itself. Tasks live in the store, so that a killed process takes them up again in
 * `start()`; one that was running when the process died runs again, so handlers must bear being repeated.
 */
export class Agenda {
  private readonly tasks: Table<Task>;
  private readonly handlers = new Map<string, TaskHandler>();
  private readonly armed = new Map<string, Cancel>();

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly onFailure: (kind: string, id: string, error: Error) => void,
  ) {
    this.tasks = store.table<Task>('stripe.tasks');
  }

  on(kind: string, handler: TaskHandler): void {
    this.handlers.set(kind, handler);
  }

  /** Plans a task; one task per kind and id, the latest plan counts. */
  plan(kind: string, id: string, delayMs: number): void {
    this.put({ kind, id, due: this.clock.now() + delayMs, exact: false });
  }

  planAt(kind: string, id: string, due: number): void {
    this.put({ kind, id, due, exact: true });
  }

  cancel(kind: string, id: string): void {
    const key = `${kind} ${id}`;
    this.tasks.delete(key);
    this.disarm(key);
  }

  start(): void {
    for (const [key, task] of this.tasks.entries()) if (!this.armed.has(key)) this.arm(key, task);
  }

  stop(): void {
    for (const key of [...this.armed.keys()]) this.disarm(key);
  }

  private put(task: Task): void {
    const key = `${task.kind} ${task.id}`;
    this.tasks.set(key, task);
    this.arm(key, task);
  }

  private arm(key: string, task: Task): void {
    this.disarm(key);
    const fire = () => {
      this.armed.delete(key);
      void this.run(key, task);
    };
    const wait = Math.max(0, task.due - this.clock.now());
    this.armed.set(key, task.exact ? this.clock.at(task.due, fire) : this.clock.after(wait, fire));
  }

  private disarm(key: string): void {
    this.armed.get(key)?.();
    this.armed.delete(key);
  }

  private async run(key: string, task: Task): Promise<void> {
    try {
      await this.handlers.get(task.kind)?.(task.id);
    } catch (error) {
      this.onFailure(task.kind, task.id, error as Error);
    }
    // A handler may have planned the same task again; only the one that ran is done.
    if (this.tasks.get(key) === task) this.tasks.delete(key);
    this.store.flush();
  }
}
