import { actingPrincipal } from '../engine/context.js';
import type { ChangeSet, ValidationFailure } from '../state/records.js';
import type { State } from '../state/state.js';
import { nameConflict } from './name-conflicts.js';
import type { Predicted, Prediction } from './predict.js';

/**
 * CloudFormation's checks before anything is made: properties against the type's schema, and names that exist.
 * Their details are told by DescribeEvents only.
 */
export async function preDeploymentFailures(
  state: State,
  changeSet: ChangeSet,
  predicted: Predicted,
): Promise<ValidationFailure[]> {
  const failures: ValidationFailure[] = [];
  for (const prediction of predicted.byId.values()) {
    if (prediction.need === 'keep') continue;
    failures.push(...propertyFailures(predicted, prediction));
    if (prediction.need === 'create')
      failures.push(...(await conflictFailures(state, changeSet, predicted, prediction)));
  }
  return failures;
}

function propertyFailures(
  predicted: Predicted,
  { logicalId, type, properties }: Prediction,
): ValidationFailure[] {
  const about = (path: string, reason: string): ValidationFailure => ({
    name: 'PROPERTY_VALIDATION',
    reason,
    path: `/Resources/${logicalId}${path}`,
    logicalId,
    type: predicted.view.template.resources[logicalId]?.type ?? '',
  });
  return [
    ...Object.keys(properties)
      .filter((name) => !type.properties.includes(name))
      .map((name) => about(`/Properties/${name}`, `extraneous key [${name}] is not permitted`)),
    ...(type.required ?? [])
      .filter((name) => properties[name] === undefined)
      .map((name) => about('/Properties', `required key [${name}] not found`)),
  ];
}

async function conflictFailures(
  state: State,
  changeSet: ChangeSet,
  predicted: Predicted,
  prediction: Prediction,
): Promise<ValidationFailure[]> {
  const { logicalId, properties } = prediction;
  const type = predicted.view.template.resources[logicalId]?.type ?? '';
  const principal = actingPrincipal(changeSet.configuration, changeSet.principal);
  const conflict = await nameConflict(type, properties, (service, operation, input) =>
    state.cloud.call(service, operation, input, { principal, region: changeSet.region }),
  );
  if (!conflict) return [];
  return [
    {
      name: 'RESOURCE_NAME_CONFLICT',
      reason: `Resource of type '${type}' with identifier '${conflict.name}' already exists.`,
      path: `/Resources/${logicalId}/Properties/${conflict.property}`,
      logicalId,
      type,
      physicalId: conflict.name,
    },
  ];
}
