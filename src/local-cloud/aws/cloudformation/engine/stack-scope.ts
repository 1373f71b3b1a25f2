import { ACCOUNT } from '../../../kernel/cloud.js';
import { validationError } from '../errors.js';
import type { Configuration, Stack } from '../state/records.js';
import type { State } from '../state/state.js';
import { conditionLookup } from '../template/conditions.js';
import type { Json, Template } from '../template/model.js';
import { parameterValue } from '../template/parameters.js';
import type { Scope } from '../template/scope.js';

/** A template in the light of one configuration of one stack: what names mean, which resources exist. */
export interface View {
  template: Template;
  scope: Scope;
  enabled(logicalId: string): boolean;
}

type Lookup = Pick<Scope, 'ref' | 'attribute'> & Partial<Pick<Scope, 'importValue'>>;

export function viewOf(
  state: State,
  stack: Pick<Stack, 'id' | 'name' | 'region'>,
  configuration: Configuration,
  lookup: Lookup = liveLookup(state, stack.id),
): View {
  const template = state.template(configuration);
  const texts = state.parameterTexts(configuration);
  const parameters: Record<string, Json> = {};
  for (const [key, declaration] of Object.entries(template.parameters))
    parameters[key] = parameterValue(
      declaration.type,
      configuration.resolvedParameters[key] ?? texts[key] ?? '',
    );
  const scope: Scope = {
    region: stack.region,
    account: ACCOUNT,
    stackName: stack.name,
    stackId: stack.id,
    notificationArns: configuration.notificationArns,
    parameters,
    mappings: template.mappings,
    condition: () => false,
    importValue: (name) => importValue(state, stack.region, name),
    ...lookup,
  };
  scope.condition = conditionLookup(template.conditions, scope);
  return {
    template,
    scope,
    enabled: (logicalId) => {
      const condition = template.resources[logicalId]?.condition;
      return condition === undefined || scope.condition(condition);
    },
  };
}

/** Values of resources as they now are. */
export function liveLookup(state: State, stackId: string): Lookup {
  return {
    ref: (logicalId) => {
      const physical = state.resource(stackId, logicalId)?.state;
      if (!physical) throw unresolved(logicalId);
      return physical.ref ?? physical.physicalId;
    },
    attribute: (logicalId, name) => {
      const physical = state.resource(stackId, logicalId)?.state;
      if (!physical) throw unresolved(logicalId);
      return attributeOf(logicalId, physical.attributes, name);
    },
  };
}

export function attributeOf(logicalId: string, attributes: Record<string, string>, name: string): string {
  const value = attributes[name];
  if (value === undefined)
    throw validationError(
      `Template error: resource ${logicalId} does not support attribute type ${name} in Fn::GetAtt`,
    );
  return value;
}

function importValue(state: State, region: string, name: string): string {
  const found = exportedValue(state, region, name);
  if (found === undefined) throw validationError(`No export named ${name} found.`);
  return found;
}

export function exportedValue(state: State, region: string, name: string): string | undefined {
  return state.exports(region).find((candidate) => candidate.name === name)?.value;
}

function unresolved(logicalId: string) {
  return validationError(
    `Template format error: Unresolved resource dependencies [${logicalId}] in the Resources block of the template`,
  );
}
