import { AwsError } from '../../kernel/service.js';

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

export function constraint(member: string, value: unknown, rule: string): AwsError {
  const shown = typeof value === 'string' ? value : JSON.stringify(value ?? '');
  return invalid(
    `1 validation error detected: Value '${shown}' at '${member}' failed to satisfy constraint: Member must ${rule}`,
  );
}

/** AWS sends no message with this one. */
export function parameterNotFound(): AwsError {
  return new AwsError('ParameterNotFound', '');
}
