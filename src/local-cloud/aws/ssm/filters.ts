import { AwsError } from '../../kernel/service.js';
import type { Parameter } from './parameters.js';

export interface ParameterFilter {
  Key: string;
  Option?: string;
  Values?: string[];
}

/** DescribeParameters' filters: all of them must hold, one value of each is enough. */
export function filtered(parameters: Parameter[], filters: ParameterFilter[]): Parameter[] {
  return filters.reduce((left, filter) => left.filter((parameter) => holds(parameter, filter)), parameters);
}

function holds(parameter: Parameter, { Key, Option, Values = [] }: ParameterFilter): boolean {
  if (Key === 'Path') return Values.some((path) => below(parameter.name, path, Option === 'Recursive'));
  const actual = valueFor(parameter, Key);
  if (Values.length === 0) return actual !== undefined;
  if (actual === undefined) return false;
  switch (Option ?? 'Equals') {
    case 'Equals':
      return Values.includes(actual);
    case 'BeginsWith':
      return Values.some((value) => actual.startsWith(value));
    case 'Contains':
      return Values.some((value) => actual.includes(value));
    default:
      throw new AwsError('InvalidFilterOption', `The specified filter option isn't valid: ${Option}.`);
  }
}

function valueFor(parameter: Parameter, key: string): string | undefined {
  if (key.startsWith('tag:')) return parameter.tags[key.slice('tag:'.length)];
  switch (key) {
    case 'Name':
      return parameter.name;
    case 'Type':
      return parameter.type;
    case 'KeyId':
      return parameter.keyId ?? undefined;
    case 'Tier':
      return parameter.tier;
    case 'DataType':
      return parameter.dataType;
    default:
      throw new AwsError('InvalidFilterKey', `The specified key isn't valid: ${key}.`);
  }
}

function below(name: string, path: string, recursive: boolean): boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  return name.startsWith(prefix) && (recursive || !name.slice(prefix.length).includes('/'));
}
