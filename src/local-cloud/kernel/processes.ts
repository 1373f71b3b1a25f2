import type { ChildProcess } from 'node:child_process';

/** Processes that the cloud may kill when a fault asks for it: its own, its children's, and those that hold leases. */
const killable = new Map<number, number>([[process.pid, 1]]);

/** Counts the process among them until the returned function is called. */
export function allowKill(pid: number): () => void {
  killable.set(pid, (killable.get(pid) ?? 0) + 1);
  return () => {
    const left = (killable.get(pid) ?? 1) - 1;
    if (left > 0) killable.set(pid, left);
    else killable.delete(pid);
  };
}

/** The same for a child, until it ends. */
export function allowKillOf(child: ChildProcess): void {
  if (child.pid !== undefined) child.once('exit', allowKill(child.pid));
}

export const isKillable = (pid: number): boolean => killable.has(pid);
