import { actualStates } from '../engine/actual-state.js';
import { sameValue } from '../engine/differences.js';
import { CHANGE_SET_MS } from '../engine/pace.js';
import { viewOf } from '../engine/stack-scope.js';
import type { ChangeSet, Stack } from '../state/records.js';
import type { State } from '../state/state.js';
import type { ResourceChange } from './changes.js';
import { resourceChanges } from './compute.js';
import { preDeploymentFailures } from './pre-deployment-validation.js';
import { type Predicted, predict } from './predict.js';

export const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/** Works out a change set some time after it was asked for, as CloudFormation does. Safe to call again after a kill. */
export function prepareLater(state: State, changeSetId: string): void {
  state.cloud.clock.after(CHANGE_SET_MS, () => {
    void prepare(state, changeSetId).finally(() => state.cloud.store.flush());
  });
}

async function prepare(state: State, changeSetId: string): Promise<void> {
  const changeSet = state.changeSets.get(changeSetId);
  if (!changeSet?.status.startsWith('CREATE_') || changeSet.status === 'CREATE_COMPLETE') return;
  state.changeSets.set(changeSetId, { ...changeSet, status: 'CREATE_IN_PROGRESS' });
  const outcome = await work(state, changeSet);
  // It may have been deleted meanwhile.
  if (state.changeSets.has(changeSetId)) state.changeSets.set(changeSetId, { ...changeSet, ...outcome });
}

async function work(state: State, changeSet: ChangeSet): Promise<Partial<ChangeSet>> {
  const stack = state.current(changeSet.stackId);
  try {
    const actual = changeSet.revertsDrift ? await actualStates(state, stack, changeSet.principal) : {};
    const predicted = await predict(state, stack, changeSet, actual);
    const changes = resourceChanges(state, stack, changeSet, predicted);
    if (changes.length === 0 && !otherChanges(state, stack, changeSet, predicted)) return failed(NO_CHANGES);
    const failures = changeSet.disableValidation
      ? []
      : await preDeploymentFailures(state, changeSet, predicted);
    const prepared = {
      changes: state.seal(changes satisfies ResourceChange[]),
      failures,
      ...(changeSet.revertsDrift ? { actual: state.seal(actual) } : {}),
    };
    if (failures.length > 0)
      return {
        ...prepared,
        ...failed(
          'The following hook(s)/validation failed: [AWS::EarlyValidation::' +
            [...new Set(failures.map(({ name }) => VALIDATIONS[name]))].join(', AWS::EarlyValidation::') +
            ']. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.',
        ),
      };
    return { ...prepared, status: 'CREATE_COMPLETE', executionStatus: 'AVAILABLE' };
  } catch (error) {
    return failed((error as Error).message);
  }
}

const VALIDATIONS = {
  PROPERTY_VALIDATION: 'PropertyValidation',
  RESOURCE_NAME_CONFLICT: 'ResourceExistenceCheck',
} as const;

function failed(reason: string): Partial<ChangeSet> {
  return { status: 'FAILED', executionStatus: 'UNAVAILABLE', statusReason: reason };
}

/** What changes a stack without changing a resource: its tags and its outputs. */
function otherChanges(state: State, stack: Stack, changeSet: ChangeSet, { view }: Predicted): boolean {
  if (changeSet.type === 'CREATE') return true;
  if (!sameValue(stack.configuration.tags, changeSet.configuration.tags)) return true;
  const before = viewOf(state, stack, stack.configuration);
  const enabled = ({ template, scope }: typeof view) =>
    Object.entries(template.outputs).filter(
      ([, { condition }]) => condition === undefined || scope.condition(condition),
    );
  return !sameValue(enabled(before), enabled(view));
}
