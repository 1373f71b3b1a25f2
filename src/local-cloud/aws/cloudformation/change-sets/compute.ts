import type { Properties } from '../../../kernel/resource-type.js';
import { sameValue, tagsReach } from '../engine/differences.js';
import type { ChangeSet, PhysicalState, Stack } from '../state/records.js';
import type { State } from '../state/state.js';
import type { ResourceDeclaration } from '../template/model.js';
import type { ChangeDetail, ResourceChange } from './changes.js';
import { masked } from './mask.js';
import type { Predicted, Prediction } from './predict.js';
import { propertyDetails } from './property-details.js';
import { asText } from './text.js';

/** Every resource that a change set would add, modify or remove, in the order of its template. */
export function resourceChanges(
  state: State,
  stack: Stack,
  changeSet: ChangeSet,
  predicted: Predicted,
): ResourceChange[] {
  const hide = masked(state, changeSet.configuration);
  const changes: ResourceChange[] = [];
  for (const logicalId of Object.keys(predicted.view.template.resources)) {
    const prediction = predicted.byId.get(logicalId);
    if (!prediction) continue;
    const change = prediction.before
      ? modification(state, stack, changeSet, predicted, prediction, hide)
      : addition(predicted, prediction, hide);
    if (change) changes.push(change);
  }
  return [...changes, ...removals(state, stack, predicted)];
}

function addition(
  predicted: Predicted,
  { logicalId, properties }: Prediction,
  hide: (text: string) => string,
): ResourceChange {
  const declaration = predicted.view.template.resources[logicalId] as ResourceDeclaration;
  return {
    Action: 'Add',
    LogicalResourceId: logicalId,
    ResourceType: declaration.type,
    Scope: [],
    Details: [],
    AfterContext: hide(context(properties, declaration)),
  };
}

function modification(
  state: State,
  stack: Stack,
  changeSet: ChangeSet,
  predicted: Predicted,
  prediction: Prediction,
  hide: (text: string) => string,
): ResourceChange | undefined {
  const { logicalId, type, properties } = prediction;
  const physical = state.resource(stack.id, logicalId)?.state as PhysicalState;
  const declaration = predicted.view.template.resources[logicalId] as ResourceDeclaration;
  const before = prediction.before as Properties;
  const details = [
    ...propertyDetails(predicted, prediction, before, hide),
    ...(tagsReach(type) && !sameValue(physical.tags, changeSet.configuration.tags)
      ? tagDetails(physical.tags, changeSet.configuration.tags)
      : []),
    ...attributeDetails(physical, declaration),
  ];
  if (details.length === 0) return undefined;
  const beforeDeclaration = {
    ...declaration,
    ...physical,
    ...(physical.metadata ? { metadata: JSON.parse(physical.metadata) } : {}),
  };
  if (!physical.metadata) delete (beforeDeclaration as { metadata?: unknown }).metadata;
  const replacement = replacementOf(details);
  return {
    ...(replacement === 'False' ? {} : { PolicyAction: policyAction(physical) }),
    Action: 'Modify',
    LogicalResourceId: logicalId,
    PhysicalResourceId: physical.physicalId,
    ResourceType: physical.type,
    Replacement: replacement,
    Scope: [...new Set(details.map(({ Target }) => Target.Attribute))],
    Details: details,
    BeforeContext: hide(context(before, beforeDeclaration as unknown as ResourceDeclaration)),
    AfterContext: hide(context(properties, declaration)),
  };
}

function removals(state: State, stack: Stack, { view, byId }: Predicted): ResourceChange[] {
  return state
    .resourcesOf(stack.id)
    .filter((resource) => resource.state !== undefined && !byId.has(resource.logicalId))
    .map(({ logicalId, state: physical, type }) => {
      const kept =
        physical?.deletionPolicy !== 'Delete' ||
        view.template.resources[logicalId]?.deletionPolicy === 'Retain';
      return {
        PolicyAction: kept ? 'Retain' : 'Delete',
        Action: 'Remove' as const,
        LogicalResourceId: logicalId,
        PhysicalResourceId: physical?.physicalId ?? '',
        ResourceType: type,
        Scope: [],
        Details: [],
        BeforeContext: JSON.stringify({ Properties: asText(state.propertiesOf(physical as PhysicalState)) }),
      };
    });
}

function replacementOf(details: ChangeDetail[]): 'True' | 'False' | 'Conditional' {
  const recreating = details.filter(({ Target }) => Target.RequiresRecreation !== 'Never');
  if (
    recreating.some(
      ({ Evaluation, Target }) => Evaluation === 'Static' && Target.RequiresRecreation === 'Always',
    )
  )
    return 'True';
  return recreating.length > 0 ? 'Conditional' : 'False';
}

function policyAction(physical: PhysicalState): string {
  return physical.updateReplacePolicy === 'Retain' ? 'ReplaceAndRetain' : 'ReplaceAndDelete';
}

function tagDetails(before: Record<string, string>, after: Record<string, string>): ChangeDetail[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => before[name] !== after[name],
  );
  return names.map((name) => ({
    Target: {
      Attribute: 'Tags',
      Name: name,
      RequiresRecreation: 'Never',
      ...(before[name] === undefined ? {} : { BeforeValue: before[name] }),
      ...(after[name] === undefined ? {} : { AfterValue: after[name] }),
      AttributeChangeType:
        before[name] === undefined ? 'Add' : after[name] === undefined ? 'Remove' : 'Modify',
    },
    Evaluation: 'Static',
    ChangeSource: 'DirectModification',
  }));
}

function attributeDetails(physical: PhysicalState, declaration: ResourceDeclaration): ChangeDetail[] {
  const pairs: [string, string | undefined, string | undefined][] = [
    ['Metadata', physical.metadata, declaration.metadata && JSON.stringify(declaration.metadata)],
    ['DeletionPolicy', physical.deletionPolicy, declaration.deletionPolicy],
    ['UpdateReplacePolicy', physical.updateReplacePolicy, declaration.updateReplacePolicy],
  ];
  return pairs
    .filter(([, before, after]) => before !== after)
    .map(([attribute, before, after]) => ({
      Target: {
        Attribute: attribute,
        RequiresRecreation: 'Never',
        ...(before === undefined ? {} : { BeforeValue: before }),
        ...(after === undefined ? {} : { AfterValue: after }),
        AttributeChangeType: before === undefined ? 'Add' : after === undefined ? 'Remove' : 'Modify',
      },
      Evaluation: 'Static',
      ChangeSource: 'DirectModification',
    }));
}

function context(properties: Properties, declaration: ResourceDeclaration): string {
  return JSON.stringify({
    Properties: asText(properties),
    ...(declaration.metadata ? { Metadata: declaration.metadata } : {}),
    ...(declaration.deletionPolicy === 'Delete' ? {} : { DeletionPolicy: declaration.deletionPolicy }),
    ...(declaration.updateReplacePolicy === 'Delete'
      ? {}
      : { UpdateReplacePolicy: declaration.updateReplacePolicy }),
  });
}
