import { validationError } from '../errors.js';
import { TWO_ARGUMENTS } from './check-functions.js';
import { cidrBlocks } from './cidr.js';
import { evaluateCondition } from './conditions.js';
import { intrinsic, isObject, type Json, type JsonObject } from './model.js';
import { getAttParts, splitName } from './references.js';
import { KNOWN_AFTER_APPLY, NO_VALUE, type Resolved, refValue, type Scope } from './scope.js';
import { subPieces } from './substitution.js';

/** A value with every function resolved and every `AWS::NoValue` removed. Throws `ValidationError` for what cannot be. */
export function resolve(value: Json, scope: Scope): Json {
  const resolved = evaluate(value, scope);
  if (resolved === NO_VALUE)
    throw validationError('Template error: AWS::NoValue cannot stand for a whole value here');
  return resolved;
}

/** Properties of a resource or another map: members that are `AWS::NoValue` are left out. */
export function resolveMembers(members: JsonObject, scope: Scope): JsonObject {
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(members)) {
    const resolved = evaluate(item, scope);
    if (resolved !== NO_VALUE && resolved !== null) result[key] = resolved;
  }
  return result;
}

export function evaluate(value: Json, scope: Scope): Resolved {
  if (Array.isArray(value))
    return value.map((item) => evaluate(item, scope)).filter((item): item is Json => item !== NO_VALUE);
  if (!isObject(value)) return value;
  const call = intrinsic(value);
  // `Condition` is a function in conditions only; elsewhere it is an ordinary key (a policy statement's, say).
  if (!call || call[0] === 'Condition') return resolveMembers(value, scope);
  const perform = FUNCTIONS[call[0]];
  if (!perform)
    throw validationError(`Template format error: The local cloud does not support the function ${call[0]}.`);
  return perform(call[1], scope);
}

type Perform = (argument: Json, scope: Scope) => Resolved;

const FUNCTIONS: Record<string, Perform> = {
  Ref: (argument, scope) => {
    if (typeof argument !== 'string') throw malformed('Ref', 'a string');
    return refValue(argument, scope);
  },
  'Fn::GetAtt': (argument, scope) => {
    const [name, attribute] = getAttParts(argument);
    return scope.attribute(name, string(attribute, scope, 'Fn::GetAtt'));
  },
  'Fn::Sub': (argument, scope) => substitute(argument, scope),
  'Fn::Join': (argument, scope) => {
    const [delimiter, items] = pair(argument, 'Fn::Join');
    const values = resolve(items, scope);
    if (isUnknown(values)) return KNOWN_AFTER_APPLY;
    if (!Array.isArray(values)) throw validationError(TWO_ARGUMENTS['Fn::Join']);
    return values.map((item) => scalar(item, 'Fn::Join')).join(string(delimiter, scope, 'Fn::Join'));
  },
  'Fn::Select': (argument, scope) => {
    const [index, items] = pair(argument, 'Fn::Select');
    const values = resolve(items, scope);
    if (isUnknown(values)) return KNOWN_AFTER_APPLY;
    if (!Array.isArray(values)) throw validationError(TWO_ARGUMENTS['Fn::Select']);
    const selected = values[Number(string(index, scope, 'Fn::Select'))];
    if (selected === undefined || selected === null)
      throw validationError(
        'Template error: Fn::Select cannot select nonexistent value at index ' +
          string(index, scope, 'Fn::Select'),
      );
    return selected;
  },
  'Fn::Split': (argument, scope) => {
    const [delimiter, source] = pair(argument, 'Fn::Split');
    const whole = string(source, scope, 'Fn::Split');
    return whole.includes(KNOWN_AFTER_APPLY)
      ? KNOWN_AFTER_APPLY
      : whole.split(string(delimiter, scope, 'Fn::Split'));
  },
  'Fn::If': (argument, scope) => {
    if (!Array.isArray(argument) || argument.length !== 3 || typeof argument[0] !== 'string')
      throw malformed('Fn::If', 'a list argument with the first element being a condition');
    return evaluate((scope.condition(argument[0]) ? argument[1] : argument[2]) as Json, scope);
  },
  'Fn::FindInMap': (argument, scope) => findInMap(argument, scope),
  'Fn::ImportValue': (argument, scope) => scope.importValue(string(argument, scope, 'Fn::ImportValue')),
  'Fn::Base64': (argument, scope) => {
    const plain = string(argument, scope, 'Fn::Base64');
    return plain.includes(KNOWN_AFTER_APPLY) ? KNOWN_AFTER_APPLY : Buffer.from(plain).toString('base64');
  },
  'Fn::Cidr': (argument, scope) => {
    const values = resolve(argument, scope);
    if (!Array.isArray(values)) throw malformed('Fn::Cidr', 'an address block, a count and cidr bits');
    return cidrBlocks(values.map((item) => scalar(item, 'Fn::Cidr')));
  },
  'Fn::GetAZs': (argument, scope) => {
    const region = string(argument, scope, 'Fn::GetAZs') || scope.region;
    return ['a', 'b', 'c'].map((zone) => `${region}${zone}`);
  },
  'Fn::Equals': (_argument, _scope) => {
    throw validationError('Template error: Fn::Equals may stand in the Conditions block only');
  },
};
for (const name of ['Fn::And', 'Fn::Or', 'Fn::Not'])
  FUNCTIONS[name] = (argument, scope) => evaluateCondition({ [name]: argument }, scope);

function substitute(argument: Json, scope: Scope): string {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof text !== 'string' || !isObject(variables))
    throw validationError(
      "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
    );
  return subPieces(text)
    .map((piece) => {
      if ('literal' in piece) return piece.literal;
      if (Object.hasOwn(variables, piece.name))
        return string(variables[piece.name] as Json, scope, 'Fn::Sub');
      const { name, attribute } = splitName(piece.name);
      const value = attribute === undefined ? refValue(name, scope) : scope.attribute(name, attribute);
      return scalar(value, 'Fn::Sub');
    })
    .join('');
}

function findInMap(argument: Json, scope: Scope): Json {
  if (!Array.isArray(argument) || argument.length !== 3)
    throw malformed('Fn::FindInMap', 'a map name, a top-level key and a second-level key');
  const [map, top, second] = argument.map((item) => string(item, scope, 'Fn::FindInMap')) as [
    string,
    string,
    string,
  ];
  const found = scope.mappings[map]?.[top]?.[second];
  if (found === undefined)
    throw validationError(`Template error: Unable to get mapping for ${map}::${top}::${second}`);
  return found;
}

function pair(argument: Json, name: keyof typeof TWO_ARGUMENTS): [Json, Json] {
  if (Array.isArray(argument) && argument.length === 2) return argument as [Json, Json];
  throw validationError(TWO_ARGUMENTS[name]);
}

function string(value: Json, scope: Scope, name: string): string {
  return scalar(resolve(value, scope), name);
}

function scalar(value: Resolved, name: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  throw validationError(
    `Template error: every value inside ${name} must resolve to a string, not to ${describe(value)}`,
  );
}

function describe(value: Resolved): string {
  if (value === NO_VALUE) return 'AWS::NoValue';
  return Array.isArray(value) ? 'a list' : value === null ? 'null' : 'an object';
}

function isUnknown(value: Json): boolean {
  return value === KNOWN_AFTER_APPLY;
}

function malformed(name: string, shape: string) {
  return validationError(`Template error: every ${name} object requires ${shape}`);
}
