import { validationError } from '../errors.js';
import { isObject, type Json, type JsonObject, type ParameterDeclaration } from './model.js';

const MEMBERS = [
  'Type',
  'Default',
  'AllowedValues',
  'AllowedPattern',
  'MinLength',
  'MaxLength',
  'MinValue',
  'MaxValue',
  'ConstraintDescription',
  'Description',
  'NoEcho',
];
const TYPE = /^(String|Number|CommaDelimitedList|List<(String|Number|AWS::[\w:]+)>|AWS::[\w:]+(<.+>)?)$/;

/** Reads one member of a template's Parameters. */
export function declareParameter(id: string, value: Json): ParameterDeclaration {
  if (!isObject(value) || typeof value.Type !== 'string')
    throw validationError(`Template format error: Every Parameters object must contain a Type member.`);
  const unknown = Object.keys(value).filter((key) => !MEMBERS.includes(key));
  if (unknown.length > 0) throw validationError(`Invalid template parameter property '${unknown[0]}'`);
  if (!TYPE.test(value.Type))
    throw validationError(`Template format error: Unrecognized parameter type: ${value.Type}`);
  return {
    type: value.Type,
    ...textMember(value, 'Default', 'default'),
    ...textMember(value, 'AllowedPattern', 'allowedPattern'),
    ...textMember(value, 'ConstraintDescription', 'constraintDescription'),
    ...textMember(value, 'Description', 'description'),
    ...(Array.isArray(value.AllowedValues) ? { allowedValues: value.AllowedValues.map(String) } : {}),
    ...numberMember(id, value, 'MinLength', 'minLength'),
    ...numberMember(id, value, 'MaxLength', 'maxLength'),
    ...numberMember(id, value, 'MinValue', 'minValue'),
    ...numberMember(id, value, 'MaxValue', 'maxValue'),
    noEcho: String(value.NoEcho ?? 'false').toLowerCase() === 'true',
  };
}

function textMember<K extends string>(value: JsonObject, name: string, key: K): Partial<Record<K, string>> {
  const member = value[name];
  if (member === undefined || member === null) return {};
  if (typeof member === 'object')
    throw validationError(`Template format error: Every ${name} member must be a string.`);
  return { [key]: String(member) } as Partial<Record<K, string>>;
}

function numberMember<K extends string>(
  id: string,
  value: JsonObject,
  name: string,
  key: K,
): Partial<Record<K, number>> {
  const member = value[name];
  if (member === undefined) return {};
  const number = Number(member);
  if (Number.isNaN(number))
    throw validationError(`Template format error: Parameter ${id}: ${name} must be a number.`);
  return { [key]: number } as Partial<Record<K, number>>;
}
