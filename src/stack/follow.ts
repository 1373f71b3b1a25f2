import type { Stack, StackEvent } from '../aws/cloudformation.js';
import { pollUntil } from './poll.js';
import type { StackRun, StackServices } from './services.js';
import { conditionOf } from './status.js';

export interface Followed {
  /** Undefined: the stack is gone. */
  stack: Stack | undefined;
  /** What was seen, oldest first. */
  events: StackEvent[];
}

/** Where a stack's events stand before something is asked of it: what comes later belongs to that. */
export async function lastEvent(services: StackServices, stackNameOrId: string): Promise<string | undefined> {
  return (await services.cloudformation.events(stackNameOrId))[0]?.id;
}

/**
 * Watches a stack until nothing more is being done to it, telling every event after `after`.
 * @param over decides for itself when the operation is over; else the first status that is not in progress ends it.
 */
export async function follow(
  services: StackServices,
  stackNameOrId: string,
  run: StackRun,
  after: string | undefined,
  over: (stack: Stack, events: readonly StackEvent[]) => Promise<boolean> | boolean = () => true,
): Promise<Followed> {
  const events: StackEvent[] = [];
  const seen = new Set<string>();
  let marker = after;
  const tell = async () => {
    // Pages are read while events come: one may be on two of them.
    const fresh = (await services.cloudformation.events(stackNameOrId, marker))
      .reverse()
      .filter(({ id }) => !seen.has(id) && seen.add(id));
    for (const event of fresh) run.onEvent?.(event);
    events.push(...fresh);
    marker = fresh.at(-1)?.id ?? marker;
  };
  return pollUntil(run, async () => {
    const stack = await services.cloudformation.stack(stackNameOrId);
    // After the status, so that the events that led to it have all been seen.
    await tell();
    if (!stack || stack.status === 'DELETE_COMPLETE') return { stack: undefined, events };
    const settled = conditionOf(stack.status) !== 'busy' && (await over(stack, events));
    return settled ? { stack, events } : undefined;
  });
}

/** Waits for what somebody, perhaps an interrupted run of ours, is doing to the stack. */
export async function waitUntilIdle(
  services: StackServices,
  stackName: string,
  run: StackRun,
): Promise<Stack | undefined> {
  const stack = await services.cloudformation.stack(stackName);
  if (!stack || conditionOf(stack.status) !== 'busy') return stack;
  run.progress.note(`${stackName} is in ${stack.status}: waiting for it`);
  // By its ARN: a stack that is being deleted is soon not found by name.
  await follow(services, stack.id, run, await lastEvent(services, stack.id));
  return services.cloudformation.stack(stackName);
}
