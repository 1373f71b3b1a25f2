import { AwsError } from '../../kernel/service.js';
import { constraint, invalid, parameterNotFound } from './errors.js';
import { currentVersion, type Parameter, type Parameters, parameterArn, type Version } from './state.js';

const DEPTH_LIMIT = 15;
/** Counted with the ARN before it. */
const LENGTH_LIMIT = 1011;

/** Refuses a name that a parameter cannot have. */
export function validateName(name: unknown, region: string, account: string): string {
  if (typeof name !== 'string' || name === '')
    throw constraint('name', name, 'have length greater than or equal to 1');
  if (parameterArn(region, account, name).length > LENGTH_LIMIT)
    throw invalid(`Parameter name is too long: with its ARN it may have ${LENGTH_LIMIT} characters.`);
  if (/^\/?(aws|ssm)/i.test(name) || !/^[\w.\-/]+$/.test(name) || name.includes('//') || name.endsWith('/'))
    throw invalid(
      'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    );
  if (name.includes('/') && !name.startsWith('/'))
    throw invalid('Parameter name must be a fully qualified name.');
  if (name.split('/').filter(Boolean).length > DEPTH_LIMIT)
    throw new AwsError(
      'HierarchyLevelLimitExceededException',
      `Hierarchy level for parameter names can't exceed ${DEPTH_LIMIT} levels.`,
    );
  return name;
}

export interface Selected {
  parameter: Parameter;
  version: Version;
  /** `:3` or `:label`, when the reader gave one. */
  selector?: string;
}

/** Splits `name:selector`; a parameter's ARN stands for its name. */
export function readName(given: string): { name: string; selector?: string } {
  const path = /^arn:aws:ssm:[^:]*:[^:]*:parameter(\/[^:]+)(?::(.+))?$/.exec(given);
  const [, name = '', selector] = path ?? /^([^:]*)(?::(.+))?$/.exec(given) ?? [];
  return { name, ...(selector === undefined ? {} : { selector }) };
}

/** The version that a reader means. Throws `ParameterNotFound` or `ParameterVersionNotFound`. */
export function select(parameters: Parameters, region: string, given: string): Selected {
  const { name, selector } = readName(given);
  // An ARN shows a leading slash whether the name has one or not.
  const bare = given.startsWith('arn:') ? parameters.find(region, name.slice(1)) : undefined;
  const parameter = parameters.find(region, name) ?? bare;
  if (!parameter) throw parameterNotFound();
  if (selector === undefined) return { parameter, version: currentVersion(parameter) };
  const version = parameter.versions.find((candidate) =>
    /^\d+$/.test(selector) ? candidate.number === Number(selector) : candidate.labels.includes(selector),
  );
  if (version) return { parameter, version, selector: `:${selector}` };
  const what = /^\d+$/.test(selector) ? 'version' : 'label';
  throw new AwsError(
    'ParameterVersionNotFound',
    `Systems Manager could not find ${what} ${selector} of ${name}. Verify the ${what} and try again.`,
  );
}
