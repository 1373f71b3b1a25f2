import { AwsError } from '../../../kernel/service.js';
import { compile } from './compile.js';
import { InvalidPattern } from './errors.js';
import { matches } from './match.js';

export type Pattern = (event: unknown) => boolean;

/** The service quota for one pattern; the API model's own maximum is 4096. */
const QUOTA = 2048;
const KEPT = 500;
const compiled = new Map<string, Pattern>();

/** Compiles an event pattern. Throws `InvalidEventPatternException`, worded as AWS does. */
export function eventPattern(text: string): Pattern {
  const known = compiled.get(text);
  if (known) return known;
  try {
    const pattern = compile(text);
    const test: Pattern = (event) => matches(pattern, event);
    if (compiled.size >= KEPT) compiled.clear();
    compiled.set(text, test);
    return test;
  } catch (error) {
    if (!(error instanceof InvalidPattern)) throw error;
    throw new AwsError(
      'InvalidEventPatternException',
      `Event pattern is not valid. Reason: ${error.message}`,
    );
  }
}

/** Checks a pattern that is to be kept in a rule or an archive, its length included. */
export function checkPattern(text: string): void {
  if (text.length > 4096)
    throw new AwsError(
      'ValidationException',
      "1 validation error detected: Value at 'eventPattern' failed to satisfy constraint: Member must have length less than or equal to 4096",
    );
  eventPattern(text);
  if (text.length > QUOTA)
    throw new AwsError(
      'LimitExceededException',
      `The event pattern has ${text.length} characters; the quota is ${QUOTA}.`,
    );
}
