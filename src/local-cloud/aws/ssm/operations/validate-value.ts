import { AwsError } from '../../../kernel/service.js';
import { constraint, invalid } from '../errors.js';
import type { ParameterType, Tier } from '../state.js';

const SIZES: Record<Tier, number> = { Standard: 4096, Advanced: 8192 };

interface ValueInput {
  Name: string;
  Value: string;
  Tier?: Tier | 'Intelligent-Tiering';
}

/** Intelligent tiering pays for Advanced only where the value needs it; no parameter goes back to Standard. */
export function chooseTier(input: ValueInput, previous: Tier | undefined): Tier {
  const asked = input.Tier ?? previous ?? 'Standard';
  if (asked === 'Advanced') return 'Advanced';
  if (asked === 'Intelligent-Tiering')
    return previous === 'Advanced' || size(input.Value) > SIZES.Standard ? 'Advanced' : 'Standard';
  if (asked !== 'Standard')
    throw constraint('tier', asked, 'satisfy enum value set: [Standard, Advanced, Intelligent-Tiering]');
  if (previous === 'Advanced')
    throw invalid(
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.",
    );
  return 'Standard';
}

/** Refuses a value that a parameter of this type and tier cannot have. */
export function validateValue(
  type: ParameterType,
  input: ValueInput,
  tier: Tier,
  allowedPattern: string | undefined,
): void {
  const { Value } = input;
  if (typeof Value !== 'string' || Value === '')
    throw constraint('value', Value, 'have length greater than or equal to 1');
  if (size(Value) > SIZES[tier])
    throw invalid(
      tier === 'Standard'
        ? `Standard tier parameters support a maximum parameter value of ${SIZES.Standard} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html`
        : `Advanced tier parameters support a maximum parameter value of ${SIZES.Advanced} characters.`,
    );
  if (/\{\{.*\}\}/s.test(Value))
    throw invalid(
      `Parameter value for ${input.Name} can't nest another parameter. Do not use "{{}}" in the value.`,
    );
  if (allowedPattern) validatePattern(type, Value, allowedPattern);
}

function validatePattern(type: ParameterType, value: string, allowedPattern: string): void {
  let pattern: RegExp;
  try {
    pattern = new RegExp(allowedPattern);
  } catch {
    throw new AwsError(
      'InvalidAllowedPatternException',
      `The allowed pattern ${allowedPattern} is not a valid pattern.`,
    );
  }
  const values = type === 'StringList' ? value.split(',') : [value];
  if (!values.every((one) => pattern.test(one)))
    throw new AwsError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${allowedPattern}`,
    );
}

function size(value: unknown): number {
  return Buffer.byteLength(String(value ?? ''));
}
