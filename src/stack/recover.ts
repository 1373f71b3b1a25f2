import { randomUUID } from 'node:crypto';
import type { Stack } from '../aws/cloudformation.js';
import { CachaoError } from '../core/errors.js';
import { stackFailed } from './failure.js';
import { follow, lastEvent, waitUntilIdle } from './follow.js';
import type { StackRun, StackServices } from './services.js';
import { conditionOf } from './status.js';

/**
 * Brings a stack to where it can be deployed to, with consent for whatever that destroys.
 * Returns the stack to update, or undefined when one must be created.
 * @throws CachaoError STACK_RECOVERY_DECLINED, STACK_FAILED
 */
export async function recoverStack(
  services: StackServices,
  stackName: string,
  run: StackRun,
): Promise<Stack | undefined> {
  const stack = await waitUntilIdle(services, stackName, run);
  switch (conditionOf(stack?.status)) {
    case 'absent':
      return undefined;
    case 'unusable':
      return deleteUnusable(services, stack as Stack, run);
    case 'stuck':
      return continueRollback(services, stack as Stack, run);
    default:
      return stack;
  }
}

async function deleteUnusable(services: StackServices, stack: Stack, run: StackRun): Promise<undefined> {
  await agreed(
    run,
    stack,
    `The stack ${stack.name} is in ${stack.status}: it was never completely created and can only be deleted and created again.`,
  );
  await deleteStack(services, stack, run);
  return undefined;
}

/** Deletes a stack and waits until it is gone. @throws CachaoError STACK_FAILED */
export async function deleteStack(services: StackServices, stack: Stack, run: StackRun): Promise<void> {
  const before = await lastEvent(services, stack.id);
  run.progress.note(`deleting ${stack.name}`);
  await services.cloudformationWrites.deleteStack(stack.id, token());
  // A status from before the deletion began is not its end.
  const begun = (events: readonly { status: string }[]) =>
    events.some(({ status }) => status.startsWith('DELETE_'));
  const { stack: left, events } = await follow(services, stack.id, run, before, (_, seen) => begun(seen));
  if (left) throw stackFailed(left, events);
}

async function continueRollback(services: StackServices, stack: Stack, run: StackRun): Promise<Stack> {
  await agreed(
    run,
    stack,
    `The stack ${stack.name} is in ${stack.status}: its roll-back has to be continued.`,
  );
  const once = await rollBack(services, stack, run, []);
  if (conditionOf(once.stack.status) !== 'stuck') return once.stack;
  const blocking = [
    ...new Set(
      once.events
        .filter((event) => event.status === 'UPDATE_FAILED' && event.physicalId !== stack.id)
        .map((event) => event.logicalId),
    ),
  ];
  if (blocking.length === 0) throw stackFailed(once.stack, once.events);
  await agreed(
    run,
    stack,
    `The roll-back of ${stack.name} fails again at ${blocking.join(', ')}. Skipping these leaves them as they are, and the stack can be updated again.`,
  );
  const twice = await rollBack(services, stack, run, blocking);
  if (conditionOf(twice.stack.status) === 'stuck') throw stackFailed(twice.stack, twice.events);
  return twice.stack;
}

async function rollBack(services: StackServices, stack: Stack, run: StackRun, skip: readonly string[]) {
  const before = await lastEvent(services, stack.id);
  run.progress.note(`continuing the roll-back of ${stack.name}`);
  await services.cloudformationWrites.continueUpdateRollback(stack.name, token(), skip);
  const { stack: after, events } = await follow(
    services,
    stack.id,
    run,
    before,
    (_, seen) => seen.length > 0,
  );
  return { stack: after ?? stack, events };
}

async function agreed(run: StackRun, stack: Stack, what: string): Promise<void> {
  if (await run.recoverStack(what)) return;
  throw new CachaoError({
    code: 'STACK_RECOVERY_DECLINED',
    message: `The stack ${stack.name} stays in ${stack.status}.`,
    why: 'It cannot be deployed to in this state.',
    next: ['Run the command again and agree, or repair the stack in the console.'],
  });
}

function token(): string {
  return `cachao-${randomUUID()}`;
}
