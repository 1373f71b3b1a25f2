import { AwsError } from '../../kernel/service.js';

export const validation = (message: string) => new AwsError('ValidationException', message);
export const notFound = (message: string) => new AwsError('ResourceNotFoundException', message);
export const alreadyExists = (message: string) => new AwsError('ResourceAlreadyExistsException', message);
export const limitExceeded = () =>
  new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
export const invalidState = (message: string) => new AwsError('InvalidStateException', message);
export const illegalStatus = (message: string) => new AwsError('IllegalStatusException', message);

export const busNotFound = (name: string) => notFound(`Event bus ${name} does not exist.`);
export const ruleNotFound = (name: string, bus: string) =>
  notFound(`Rule ${name} does not exist on EventBus ${bus}.`);

/** The parameter validation that AWS runs before anything else. */
export const constraint = (value: unknown, member: string, rule: string) =>
  validation(
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: Member must ${rule}`,
  );

export function checkText(value: unknown, member: string, pattern: RegExp, maximum: number): string {
  if (value === undefined || value === null) throw constraint('null', member, 'not be null');
  const text = String(value);
  if (text.length < 1) throw constraint(text, member, 'have length greater than or equal to 1');
  if (text.length > maximum) throw constraint(text, member, `have length less than or equal to ${maximum}`);
  if (!pattern.test(text))
    throw constraint(text, member, `satisfy regular expression pattern: ${pattern.source.slice(1, -1)}`);
  return text;
}
