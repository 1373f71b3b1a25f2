import { SqlError } from './errors.js';

interface Waiter {
  owner: object;
  grant: () => void;
  refuse: (error: Error) => void;
  timer: NodeJS.Timeout;
}

/**
 * One transaction writes at a time; the others wait their turn, first come first served, for at most
 * `innodb_lock_wait_timeout`. One lock cannot deadlock, so error 1213 never comes from here.
 */
export class TransactionLock {
  private holder: object | null = null;
  private waiting: Waiter[] = [];

  isHeldBy(owner: object): boolean {
    return this.holder === owner;
  }

  /** Error 1205 when the wait was too long. */
  acquire(owner: object, timeoutSeconds: number): Promise<void> {
    if (this.holder === owner) return Promise.resolve();
    if (this.holder === null) {
      this.holder = owner;
      return Promise.resolve();
    }
    return new Promise((grant, refuse) => {
      const timer = setTimeout(() => {
        this.forget(owner);
        refuse(new SqlError(1205, 'Lock wait timeout exceeded; try restarting transaction'));
      }, timeoutSeconds * 1000);
      this.waiting.push({ owner, grant, refuse, timer });
    });
  }

  release(owner: object): void {
    if (this.holder !== owner) return;
    const next = this.waiting.shift();
    this.holder = next?.owner ?? null;
    if (!next) return;
    clearTimeout(next.timer);
    next.grant();
  }

  /** For a client that is gone: it holds nothing and waits for nothing any more. */
  abandon(owner: object): void {
    const waiter = this.waiting.find((candidate) => candidate.owner === owner);
    this.forget(owner);
    waiter?.refuse(new SqlError(1317, 'Query execution was interrupted'));
    this.release(owner);
  }

  private forget(owner: object): void {
    for (const waiter of this.waiting) if (waiter.owner === owner) clearTimeout(waiter.timer);
    this.waiting = this.waiting.filter((waiter) => waiter.owner !== owner);
  }
}
