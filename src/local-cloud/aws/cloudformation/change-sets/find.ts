import type { Call } from '../../../kernel/service.js';
import { changeSetNotFound, validationError } from '../errors.js';
import { type QueryInput, requiredText, text } from '../input.js';
import type { ChangeSet } from '../state/records.js';
import type { State } from '../state/state.js';

/** The change set of an ARN, or of a name within a stack. An executed one is found by name until another takes it. */
export function findChangeSet(state: State, input: QueryInput, call: Call): ChangeSet {
  const name = requiredText(input, 'ChangeSetName');
  if (name.startsWith('arn:')) {
    const changeSet = state.changeSets.get(name);
    if (!changeSet) throw changeSetNotFound(name);
    return changeSet;
  }
  const stackName = text(input, 'StackName');
  if (stackName === undefined)
    throw validationError('StackName must be specified if ChangeSetName is not specified as an ARN.');
  const stack = state.stack(call.region, stackName);
  const named = state.changeSets.values().filter((one) => one.stackId === stack.id && one.name === name);
  const found = named.find((one) => !one.closed) ?? named.at(-1);
  if (!found) throw changeSetNotFound(name);
  return found;
}
