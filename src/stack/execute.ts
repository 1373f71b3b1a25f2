import type { Stack, StackEvent } from '../aws/cloudformation.js';
import { AwsRefusedError } from '../aws/errors.js';
import type { Settings } from '../config/settings.js';
import { CachaoError } from '../core/errors.js';
import type { PreparedChangeSet } from './change-set.js';
import { stackFailed } from './failure.js';
import { follow, lastEvent } from './follow.js';
import { readOutputs, type StackOutputs } from './outputs.js';
import type { StackRun, StackServices } from './services.js';
import { isSuccess } from './status.js';

/**
 * Executes a prepared change set, follows it to its end, and protects a live stage's stack from deletion.
 * With nothing to execute it only makes sure of the latter.
 * @throws StackFailedError (STACK_FAILED) with the first root cause; InterruptedError: the deployment goes on at AWS.
 */
export async function executeChangeSet(
  services: StackServices,
  settings: Settings,
  prepared: PreparedChangeSet,
  run: StackRun,
): Promise<StackOutputs> {
  const { stackName, changeSetName } = prepared;
  if (changeSetName) await execute(services, stackName, changeSetName, run);
  const stack = await services.cloudformation.stack(stackName);
  if (!stack) throw gone(stackName);
  if (settings.mode === 'live' && !stack.terminationProtection)
    await services.cloudformationWrites.setTerminationProtection(stackName, true);
  const outputs = readOutputs(stack);
  if (!outputs) throw gone(stackName);
  return outputs;
}

async function execute(
  services: StackServices,
  stackName: string,
  name: string,
  run: StackRun,
): Promise<void> {
  const before = await lastEvent(services, stackName);
  // The change set's name is the token: a request that is sent twice starts once, and its events are known by it.
  const token = name;
  try {
    await services.cloudformationWrites.executeChangeSet(stackName, name, token);
  } catch (error) {
    if (!(await hadBegun(services, stackName, token, error))) throw error;
  }
  const { stack, events } = await follow(services, stackName, run, before, (current, seen) =>
    isOver(services, current, seen, name),
  );
  if (!stack) throw gone(stackName);
  if (!isSuccess(stack.status)) throw stackFailed(stack, ofToken(events, token));
}

/** A first answer that was lost leaves a change set that "cannot be executed": its events tell that it runs. */
async function hadBegun(
  services: StackServices,
  stackName: string,
  token: string,
  error: unknown,
): Promise<boolean> {
  if (!(error instanceof AwsRefusedError)) return false;
  return (await services.cloudformation.events(stackName)).some((event) => event.token === token);
}

/** The status alone does not tell: right after the request it may still be that of the last deployment. */
async function isOver(
  services: StackServices,
  stack: Stack,
  events: readonly StackEvent[],
  changeSetName: string,
): Promise<boolean> {
  const own = events.filter((event) => event.physicalId === stack.id && event.status === stack.status);
  if (own.some((event) => event.token === changeSetName)) return true;
  const changeSet = await services.cloudformation.changeSet(stack.name, changeSetName);
  return changeSet === undefined || /^EXECUTE_(COMPLETE|FAILED)$/.test(changeSet.executionStatus);
}

/** Events of this deployment only; all of them where the tokens are not told. */
function ofToken(events: readonly StackEvent[], token: string): readonly StackEvent[] {
  const ours = events.filter((event) => event.token === token);
  return ours.length > 0 ? ours : events;
}

function gone(stackName: string): CachaoError {
  return new CachaoError({
    code: 'STACK_GONE',
    message: `The stack ${stackName} is not there, or has no outputs, although its deployment ended well.`,
    why: 'Somebody else may have deleted or replaced it at the same time.',
    next: ['Run the command again: it makes what is missing.'],
  });
}
