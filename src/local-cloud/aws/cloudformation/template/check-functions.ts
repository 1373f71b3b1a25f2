import { validationError } from '../errors.js';
import { intrinsic, isObject, type Json, type Template } from './model.js';

/** What CloudFormation says of a function whose argument is no list of two. */
export const TWO_ARGUMENTS: Record<'Fn::Join' | 'Fn::Split' | 'Fn::Select' | 'Fn::Equals', string> = {
  'Fn::Join':
    'Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.',
  'Fn::Split':
    'Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.',
  'Fn::Select':
    'Template error: Fn::Select requires a list argument with two elements: an integer index and a list',
  'Fn::Equals': 'Template error: every Fn::Equals object requires a list of 2 string parameters.',
};

const KNOWN = [
  ...['Ref', 'Condition', 'Fn::GetAtt', 'Fn::Sub', 'Fn::If', 'Fn::FindInMap', 'Fn::ImportValue'],
  ...['Fn::Base64', 'Fn::Cidr', 'Fn::GetAZs', 'Fn::And', 'Fn::Or', 'Fn::Not', ...Object.keys(TWO_ARGUMENTS)],
];

/** The shape of every function call, as far as it can be told without any value. Throws `ValidationError`. */
export function checkFunctions({ conditions, resources, outputs, mappings }: Template): void {
  const values = [
    ...Object.values(conditions),
    ...Object.values(resources).map(({ properties }) => properties),
    ...Object.values(outputs).flatMap(({ value, exportName }) => [value, exportName ?? null]),
  ];
  for (const value of values) check(value, mappings);
}

function check(value: Json, mappings: Template['mappings']): void {
  if (Array.isArray(value)) for (const item of value) check(item, mappings);
  if (!isObject(value)) return;
  const call = intrinsic(value);
  if (call) checkCall(call[0], call[1], mappings);
  for (const item of Object.values(value)) check(item, mappings);
}

function checkCall(name: string, argument: Json, mappings: Template['mappings']): void {
  if (!KNOWN.includes(name))
    throw validationError(`Template format error: The local cloud does not support the function ${name}.`);
  if (Object.hasOwn(TWO_ARGUMENTS, name) && !(Array.isArray(argument) && argument.length === 2))
    throw validationError(TWO_ARGUMENTS[name as keyof typeof TWO_ARGUMENTS]);
  if (name !== 'Fn::FindInMap' || !Array.isArray(argument) || argument.length !== 3) return;
  const [map, top, second] = argument;
  if (typeof map !== 'string' || typeof top !== 'string' || typeof second !== 'string') return;
  if (Object.hasOwn(mappings, map) && mappings[map]?.[top]?.[second] === undefined)
    throw validationError(`Template error: Unable to get mapping for ${map}::${top}::${second}`);
}
