import type { Call } from '../../../kernel/service.js';
import { invalidChangeSetStatus } from '../errors.js';
import { flag, page, type QueryInput, requiredText, text } from '../input.js';
import { shownParameters, shownTags } from '../operations/shown.js';
import type { ChangeSet } from '../state/records.js';
import type { State } from '../state/state.js';
import type { ResourceChange } from './changes.js';
import { findChangeSet } from './find.js';

/** AWS pages by size (1 MB); the same number of typical changes, by count. */
const PAGE = 100;

/** DescribeChangeSet. */
export function describeChangeSet(state: State, input: QueryInput, call: Call): object {
  const changeSet = findChangeSet(state, input, call);
  const changes = changeSet.changes === undefined ? [] : (state.open(changeSet.changes) as ResourceChange[]);
  const shown = flag(input, 'IncludePropertyValues') ? changes : changes.map(withoutValues);
  const { items, next } = page(shown, text(input, 'NextToken'), PAGE);
  const { configuration } = changeSet;
  return {
    ...summary(changeSet),
    Parameters: shownParameters(state, configuration),
    Capabilities: configuration.capabilities,
    NotificationARNs: configuration.notificationArns,
    Tags: shownTags(configuration.tags),
    RollbackConfiguration: {},
    OnStackFailure: changeSet.onStackFailure,
    ...(changeSet.deploymentMode === undefined && changeSet.disableRollback === undefined
      ? {}
      : { DeploymentConfig: { Mode: changeSet.deploymentMode, DisableRollback: changeSet.disableRollback } }),
    ...(changeSet.revertsDrift ? { DeploymentMode: 'REVERT_DRIFT' } : {}),
    Changes: items.map((ResourceChange) => ({ Type: 'Resource', ResourceChange })),
    NextToken: next,
  };
}

function withoutValues(change: ResourceChange): ResourceChange {
  const { BeforeContext: _before, AfterContext: _after, ...rest } = change;
  const details = rest.Details.map(({ Target, ...detail }) => {
    const {
      BeforeValue: _old,
      AfterValue: _new,
      AttributeChangeType: _kind,
      Path: _path,
      ...target
    } = Target;
    return { ...detail, Target: target };
  });
  return { ...rest, Details: details };
}

function summary(changeSet: ChangeSet): object {
  return {
    ChangeSetName: changeSet.name,
    ChangeSetId: changeSet.id,
    StackId: changeSet.stackId,
    StackName: changeSet.stackName,
    Description: changeSet.description,
    CreationTime: new Date(changeSet.created),
    ExecutionStatus: changeSet.executionStatus,
    Status: changeSet.status,
    StatusReason: changeSet.statusReason,
    IncludeNestedStacks: false,
  };
}

/** ListChangeSets: those that were not executed. */
export function listChangeSets(state: State, input: QueryInput, call: Call): object {
  const stack = state.stack(call.region, requiredText(input, 'StackName'));
  const open = state.changeSets.values().filter((one) => one.stackId === stack.id && !one.closed);
  const { items, next } = page(open, text(input, 'NextToken'), PAGE);
  return { Summaries: items.map(summary), NextToken: next };
}

/** DeleteChangeSet. Deleting one that is not there succeeds; its stack in review stays. */
export function deleteChangeSet(state: State, input: QueryInput, call: Call): object {
  let changeSet: ChangeSet;
  try {
    changeSet = findChangeSet(state, input, call);
  } catch (error) {
    if ((error as { code?: string }).code === 'ChangeSetNotFound') return {};
    throw error;
  }
  if (changeSet.status === 'CREATE_IN_PROGRESS' || changeSet.executionStatus === 'EXECUTE_IN_PROGRESS')
    throw invalidChangeSetStatus(
      `ChangeSet [${changeSet.id}] is in ${changeSet.status} status and cannot be deleted.`,
    );
  state.changeSets.delete(changeSet.id);
  return {};
}
