import { validationError } from '../errors.js';
import { intrinsic, isObject, type Json } from './model.js';
import { subPieces } from './substitution.js';

/** One use of a name inside a value: `Ref`/`${Name}` without an attribute, `GetAtt`/`${Name.Attribute}` with one. */
export interface Reference {
  name: string;
  attribute?: string;
}

export interface Uses {
  references: Reference[];
  conditions: string[];
  mappings: string[];
}

/** Every name that a template value uses, at any depth, whichever branch of an `Fn::If` it stands in. */
export function usesOf(value: Json | undefined): Uses {
  const uses: Uses = { references: [], conditions: [], mappings: [] };
  if (value !== undefined) collect(value, uses);
  return uses;
}

function collect(value: Json, uses: Uses): void {
  if (Array.isArray(value)) for (const item of value) collect(item, uses);
  if (!isObject(value)) return;
  const call = intrinsic(value);
  if (call) collectCall(call[0], call[1], uses);
  else for (const item of Object.values(value)) collect(item, uses);
}

function collectCall(name: string, argument: Json, uses: Uses): void {
  if (name === 'Ref' && typeof argument === 'string') uses.references.push({ name: argument });
  else if (name === 'Condition' && typeof argument === 'string') uses.conditions.push(argument);
  else if (name === 'Fn::GetAtt') {
    const [target, attribute] = getAttParts(argument);
    uses.references.push({ name: target, attribute: typeof attribute === 'string' ? attribute : '' });
    if (typeof attribute !== 'string') collect(attribute, uses);
  } else if (name === 'Fn::Sub') collectSub(argument, uses);
  else {
    if (name === 'Fn::If' && Array.isArray(argument) && typeof argument[0] === 'string')
      uses.conditions.push(argument[0]);
    if (name === 'Fn::FindInMap' && Array.isArray(argument) && typeof argument[0] === 'string')
      uses.mappings.push(argument[0]);
    collect(argument, uses);
  }
}

function collectSub(argument: Json, uses: Uses): void {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
  if (isObject(variables ?? {}))
    for (const item of Object.values(variables as Record<string, Json>)) collect(item, uses);
  if (typeof text !== 'string') return;
  for (const piece of subPieces(text)) {
    if (!('name' in piece) || (isObject(variables) && Object.hasOwn(variables, piece.name))) continue;
    uses.references.push(splitName(piece.name));
  }
}

/** `Name.Attribute.Path` as a reference. */
export function splitName(name: string): Reference {
  const dot = name.indexOf('.');
  return dot < 0 ? { name } : { name: name.slice(0, dot), attribute: name.slice(dot + 1) };
}

/** Both forms of `Fn::GetAtt`: a list of two, or `Name.Attribute`. */
export function getAttParts(argument: Json): [string, Json] {
  if (typeof argument === 'string') {
    const { name, attribute } = splitName(argument);
    if (attribute !== undefined) return [name, attribute];
  }
  if (Array.isArray(argument) && argument.length === 2 && typeof argument[0] === 'string')
    return [argument[0], argument[1] as Json];
  throw validationError(
    'Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute',
  );
}
