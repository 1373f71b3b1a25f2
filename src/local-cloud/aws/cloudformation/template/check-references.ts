import { validationError } from '../errors.js';
import type { Json, Template } from './model.js';
import { type Uses, usesOf } from './references.js';

export const PSEUDO_PARAMETERS = [
  'AWS::AccountId',
  'AWS::NoValue',
  'AWS::NotificationARNs',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
];

/** Every name a template uses must be declared. Throws `ValidationError` in CloudFormation's words. */
export function checkReferences(template: Template): void {
  for (const condition of Object.values(template.conditions)) checkCondition(template, condition);
  for (const [id, resource] of Object.entries(template.resources)) {
    checkUses(template, usesOf(resource.properties), 'Resources');
    checkUses(template, usesOf(resource.metadata), 'Resources');
    if (resource.condition !== undefined) checkConditionName(template, resource.condition);
    for (const name of resource.dependsOn)
      if (name === id) throw validationError(`Circular dependency between resources: [${id}]`);
      else if (!Object.hasOwn(template.resources, name)) throw unresolved([name], 'Resources');
  }
  for (const output of Object.values(template.outputs)) {
    checkUses(template, usesOf(output.value), 'Outputs');
    checkUses(template, usesOf(output.exportName), 'Outputs');
    if (output.condition !== undefined) checkConditionName(template, output.condition);
  }
}

function checkCondition(template: Template, condition: Json): void {
  const uses = usesOf(condition);
  for (const name of uses.conditions) checkConditionName(template, name);
  const unknown = uses.references.filter(
    ({ name, attribute }) => attribute !== undefined || !isValueName(template, name),
  );
  if (unknown.length > 0)
    throw validationError(
      `Template format error: Unresolved dependencies [${names(unknown)}]. Cannot reference resources in the Conditions block of the template`,
    );
}

function checkUses(template: Template, uses: Uses, block: string): void {
  for (const name of uses.conditions) checkConditionName(template, name);
  for (const name of uses.mappings)
    if (!Object.hasOwn(template.mappings, name))
      throw validationError(
        `Template error: Mapping named '${name}' is not present in the 'Mappings' section of template.`,
      );
  const unknown = uses.references.filter(({ name, attribute }) => {
    if (Object.hasOwn(template.resources, name)) return false;
    return attribute !== undefined || !isValueName(template, name);
  });
  const wrong = unknown.find(({ attribute }) => attribute !== undefined);
  if (wrong)
    throw validationError(
      `Template error: instance of Fn::GetAtt references undefined resource ${wrong.name}`,
    );
  if (unknown.length > 0)
    throw unresolved(
      unknown.map(({ name }) => name),
      block,
    );
}

function isValueName(template: Template, name: string): boolean {
  return Object.hasOwn(template.parameters, name) || PSEUDO_PARAMETERS.includes(name);
}

function checkConditionName(template: Template, name: string): void {
  if (!Object.hasOwn(template.conditions, name))
    throw validationError(
      `Template format error: Unresolved condition dependency ${name} in the Resources block of the template`,
    );
}

function names(references: { name: string }[]): string {
  return [...new Set(references.map(({ name }) => name))].join(', ');
}

function unresolved(unknown: string[], block: string) {
  return validationError(
    `Template format error: Unresolved resource dependencies [${[...new Set(unknown)].join(', ')}] in the ${block} block of the template`,
  );
}
