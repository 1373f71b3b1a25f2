import { validationError } from '../errors.js';
import type { Json, ParameterDeclaration, Template } from './model.js';

/** A parameter as it was submitted: a value, or the one the stack has. */
export interface GivenParameter {
  key: string;
  value?: string;
  usePrevious: boolean;
}

const VALUE_LIMIT_BYTES = 4096;

/** Each declared parameter's text, from what was given, the stack's own value or the default. Throws `ValidationError`. */
export function parameterTexts(
  template: Template,
  given: GivenParameter[],
  previous: Record<string, string>,
): Record<string, string> {
  const unknown = given.filter(({ key }) => !Object.hasOwn(template.parameters, key)).map(({ key }) => key);
  if (unknown.length > 0)
    throw validationError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const texts: Record<string, string> = {};
  const missing: string[] = [];
  for (const [key, declaration] of Object.entries(template.parameters)) {
    const one = given.find((candidate) => candidate.key === key);
    if (one?.usePrevious && previous[key] === undefined)
      throw validationError(
        `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    const value = one?.usePrevious ? previous[key] : (one?.value ?? declaration.default);
    if (value === undefined) missing.push(key);
    else texts[key] = value;
  }
  if (missing.length > 0) throw validationError(`Parameters: [${missing.join(', ')}] must have values`);
  for (const [key, value] of Object.entries(texts))
    checkText(key, value, template.parameters[key] as ParameterDeclaration);
  return texts;
}

function checkText(key: string, value: string, declaration: ParameterDeclaration): void {
  const fail = (why: string) => {
    throw validationError(
      declaration.constraintDescription === undefined
        ? `Parameter '${key}' ${why}`
        : `Parameter ${key} failed to satisfy constraint: ${declaration.constraintDescription}`,
    );
  };
  if (Buffer.byteLength(value) > VALUE_LIMIT_BYTES)
    throw validationError(`Parameter '${key}' is longer than ${VALUE_LIMIT_BYTES} bytes`);
  const items = isList(declaration.type) ? splitList(value) : [value];
  const numeric = /^(Number|List<Number>)$/.test(declaration.type);
  for (const item of items) {
    if (numeric && (item.trim() === '' || Number.isNaN(Number(item))))
      throw validationError(`Parameter '${key}' must be a number`);
    if (declaration.allowedValues && !declaration.allowedValues.includes(item))
      fail('must be one of AllowedValues');
    if (
      declaration.allowedPattern !== undefined &&
      !new RegExp(`^(?:${declaration.allowedPattern})$`).test(item)
    )
      fail(`must match pattern ${declaration.allowedPattern}`);
    if (declaration.minValue !== undefined && Number(item) < declaration.minValue)
      fail(`must be a number not less than ${declaration.minValue}`);
    if (declaration.maxValue !== undefined && Number(item) > declaration.maxValue)
      fail(`must be a number not greater than ${declaration.maxValue}`);
    if (declaration.minLength !== undefined && item.length < declaration.minLength)
      fail(`must contain at least ${declaration.minLength} characters`);
    if (declaration.maxLength !== undefined && item.length > declaration.maxLength)
      fail(`must contain at most ${declaration.maxLength} characters`);
  }
}

/** What `Ref` of a parameter gives: a list for list types, a number for `Number`, else its text. */
export function parameterValue(type: string, text: string): Json {
  if (isList(type)) return splitList(text);
  return type === 'Number' ? Number(text) : text;
}

function isList(type: string): boolean {
  return (
    type === 'CommaDelimitedList' ||
    type.startsWith('List<') ||
    /^AWS::SSM::Parameter::Value<(List<|CommaDelimitedList)/.test(type)
  );
}

function splitList(text: string): string[] {
  return text === '' ? [] : text.split(',').map((item) => item.trim());
}
