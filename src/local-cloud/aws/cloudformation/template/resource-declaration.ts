import { validationError } from '../errors.js';
import { isObject, type Json, type JsonObject, type KeepPolicy, type ResourceDeclaration } from './model.js';

const MEMBERS = [
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
  'CreationPolicy',
  'UpdatePolicy',
];
const POLICIES: KeepPolicy[] = ['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot'];

/** Reads one member of a template's Resources. */
export function declareResource(id: string, value: Json): ResourceDeclaration {
  if (!isObject(value))
    throw validationError(
      `Template format error: [/Resources/${id}] Every Resources object must be an object.`,
    );
  if (typeof value.Type !== 'string')
    throw validationError(
      `Template format error: [/Resources/${id}] Every Resources object must contain a Type member.`,
    );
  const unknown = Object.keys(value).filter((key) => !MEMBERS.includes(key));
  if (unknown.length > 0) throw validationError(`Invalid template resource property '${unknown[0]}'`);
  for (const member of ['CreationPolicy', 'UpdatePolicy'])
    if (value[member] !== undefined)
      throw validationError(`The local cloud does not support ${member} (resource ${id}).`);
  if (value.Properties !== undefined && !isObject(value.Properties))
    throw validationError(`Template format error: [/Resources/${id}/Properties] must be an object.`);
  return {
    type: value.Type,
    properties: (value.Properties as JsonObject | undefined) ?? {},
    dependsOn: dependencies(id, value.DependsOn),
    ...(typeof value.Condition === 'string' ? { condition: value.Condition } : {}),
    deletionPolicy: policy(id, 'DeletionPolicy', value.DeletionPolicy),
    updateReplacePolicy: policy(id, 'UpdateReplacePolicy', value.UpdateReplacePolicy),
    ...(isObject(value.Metadata) ? { metadata: value.Metadata } : {}),
  };
}

function dependencies(id: string, value: Json | undefined): string[] {
  if (value === undefined || value === null) return [];
  const names = [value].flat();
  if (!names.every((name): name is string => typeof name === 'string'))
    throw validationError(
      `Template format error: DependsOn of resource ${id} must be a string or a list of strings.`,
    );
  return names;
}

function policy(id: string, name: string, value: Json | undefined): KeepPolicy {
  if (value === undefined || value === null) return 'Delete';
  const known = POLICIES.find((candidate) => candidate === value);
  if (!known || (known === 'RetainExceptOnCreate' && name === 'UpdateReplacePolicy'))
    throw validationError(
      `Template format error: Unrecognized ${name} ${JSON.stringify(value)} for resource ${id}`,
    );
  return known;
}
