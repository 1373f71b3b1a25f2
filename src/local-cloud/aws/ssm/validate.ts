import { AwsError } from '../../kernel/service.js';

const TYPES = ['String', 'StringList', 'SecureString'];
const STANDARD_BYTES = 4096;
const ADVANCED_BYTES = 8192;
const DEEPEST = 15;

export interface PutInput {
  Name: string;
  Value: string;
  Type?: string;
  Description?: string;
  KeyId?: string;
  Overwrite?: boolean;
  AllowedPattern?: string;
  Tags?: { Key: string; Value: string }[];
  Tier?: string;
  DataType?: string;
  Policies?: string;
}

/** The rules of PutParameter that need no look at what is there (FACTS-AWS §5). */
export function validatePut(input: PutInput): void {
  validateName(input.Name);
  if (input.Tags && input.Tags.length > 0 && input.Overwrite)
    throw validation(
      "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
    );
  if (input.Type !== undefined && !TYPES.includes(input.Type))
    throw validation(
      `1 validation error detected: Value '${input.Type}' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [SecureString, StringList, String]`,
    );
  if (!input.Value)
    throw validation(
      "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.",
    );
  if (/\{\{.*\}\}/.test(input.Value))
    throw validation('Parameter value can not contain parameter reference such as {{parameter-name}}.');
  const limit =
    input.Tier === 'Advanced' || input.Tier === 'Intelligent-Tiering' ? ADVANCED_BYTES : STANDARD_BYTES;
  if (Buffer.byteLength(input.Value) > limit)
    throw validation(
      limit === STANDARD_BYTES
        ? 'Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.'
        : 'Advanced tier parameters support a maximum parameter value of 8192 characters.',
    );
  if (input.AllowedPattern && !new RegExp(input.AllowedPattern).test(input.Value))
    throw new AwsError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${input.AllowedPattern}`,
    );
  if (input.Policies) throw validation('The local cloud does not support parameter policies.');
}

function validateName(name: string | undefined): void {
  const bare = (name ?? '').replace(/^\//, '');
  if (/^(aws|ssm)/i.test(bare)) {
    const reserved = bare.toLowerCase().startsWith('aws');
    throw validation(
      `Parameter name: can't be prefixed with "${reserved ? 'aws' : 'ssm'}" (case-insensitive).${name?.includes('/') ? ' If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_' : ''}`,
    );
  }
  if (!/^[A-Za-z0-9_.\-/]+$/.test(name ?? ''))
    throw validation(
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    );
  if ((name ?? '').includes('/') && !(name ?? '').startsWith('/'))
    throw validation('Parameter name must be a fully qualified name.');
  const depth = bare.split('/').length;
  if (depth > DEEPEST)
    throw new AwsError(
      'HierarchyLevelLimitExceededException',
      `A hierarchy can have a maximum of ${DEEPEST} levels; ${name} has ${depth}.`,
    );
}

export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
