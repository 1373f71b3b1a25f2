import { AwsError } from '../../../kernel/service.js';
import { currentVersion, type Parameter } from '../state.js';

export interface ParameterFilter {
  Key: string;
  Option?: string;
  Values?: string[];
}

type Test = (parameter: Parameter, values: string[], option: string) => boolean;

const TESTS: Record<string, { options: string[]; test: Test }> = {
  Name: {
    options: ['Equals', 'BeginsWith', 'Contains'],
    test: ({ name }, values, option) => values.some((value) => compare(name, value, option)),
  },
  Type: {
    options: ['Equals', 'BeginsWith'],
    test: ({ type }, values, option) => values.some((value) => compare(type, value, option)),
  },
  Tier: {
    options: ['Equals'],
    test: (parameter, values) => values.includes(currentVersion(parameter).tier),
  },
  KeyId: {
    options: ['Equals', 'BeginsWith'],
    test: ({ type }, values, option) =>
      type === 'SecureString' && values.some((value) => compare('alias/aws/ssm', value, option)),
  },
  DataType: { options: ['Equals'], test: (_parameter, values) => values.includes('text') },
  Label: {
    options: ['Equals'],
    test: ({ versions }, values) =>
      versions.some(({ labels }) => labels.some((label) => values.includes(label))),
  },
  Path: {
    options: ['Recursive', 'OneLevel'],
    test: ({ name }, values, option) =>
      values.some((value) => underPath(name, value, option === 'Recursive')),
  },
};

/** Whether a parameter passes every filter. Throws `InvalidFilterKey` for a key that this operation does not take. */
export function passes(parameter: Parameter, filters: ParameterFilter[], keys: readonly string[]): boolean {
  return filters.every((filter) => {
    if (filter.Key.startsWith('tag:') && keys.includes('tag:')) return hasTag(parameter, filter);
    const known = keys.includes(filter.Key) ? TESTS[filter.Key] : undefined;
    if (!known) throw new AwsError('InvalidFilterKey', `The specified key isn't valid: ${filter.Key}.`);
    const option = filter.Option ?? (filter.Key === 'Path' ? 'OneLevel' : 'Equals');
    if (!known.options.includes(option))
      throw new AwsError(
        'InvalidFilterOption',
        `The specified filter option isn't valid: ${option}. Valid options are ${known.options.join(' and ')}.`,
      );
    return known.test(parameter, filter.Values ?? [], option);
  });
}

/** Whether a name lies below a path: `/a/b` and, recursively, `/a/b/c` below `/a`. */
export function underPath(name: string, path: string, recursive: boolean): boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  const slashed = name.startsWith('/') ? name : `/${name}`;
  if (!slashed.startsWith(prefix)) return false;
  return recursive || !slashed.slice(prefix.length).includes('/');
}

function hasTag({ tags }: Parameter, { Key, Values }: ParameterFilter): boolean {
  const tag = tags.find((candidate) => `tag:${candidate.Key}` === Key);
  return tag !== undefined && (!Values?.length || Values.includes(tag.Value));
}

function compare(given: string, value: string, option: string): boolean {
  if (option === 'BeginsWith') return given.startsWith(value);
  return option === 'Contains' ? given.includes(value) : given === value;
}
