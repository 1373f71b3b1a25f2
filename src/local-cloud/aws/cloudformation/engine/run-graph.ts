/** What became of a graph's tasks: those that failed, in the order in which they did. */
export interface GraphOutcome {
  failed: string[];
}

/**
 * Runs every node's task after the tasks of what it needs, as many at once as that allows.
 * With `stopOnFailure` nothing new starts after the first failure; otherwise only what stands behind it does not.
 * A task reports failure by returning false; it never throws.
 */
export function runGraph(
  graph: Map<string, string[]>,
  task: (node: string) => Promise<boolean>,
  options: { stopOnFailure: boolean; onFailure?: () => void },
): Promise<GraphOutcome> {
  const done = new Set<string>();
  const started = new Set<string>();
  const failed: string[] = [];
  let running = 0;
  return new Promise((resolve) => {
    const next = (): void => {
      const stopped = options.stopOnFailure && failed.length > 0;
      for (const [node, needed] of stopped ? [] : graph) {
        if (started.has(node) || !needed.every((name) => done.has(name) || !graph.has(name))) continue;
        started.add(node);
        running += 1;
        void task(node).then((succeeded) => {
          running -= 1;
          if (succeeded) done.add(node);
          else {
            failed.push(node);
            options.onFailure?.();
          }
          next();
        });
      }
      if (running === 0) resolve({ failed });
    };
    next();
  });
}
