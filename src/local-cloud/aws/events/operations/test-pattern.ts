import type { Operation } from '../../../kernel/service.js';
import { constraint, validation } from '../errors.js';
import { eventPattern } from '../pattern/index.js';

/** The documentation lists `resources` too; the service does not ask for it. */
const REQUIRED = ['id', 'account', 'source', 'time', 'region', 'detail-type'];

interface TestInput {
  EventPattern?: string;
  Event?: string;
}

/** TestEventPattern: would this pattern match this event? */
export function testPatternOperations(): Record<string, Operation> {
  return {
    TestEventPattern: {
      handle: (input: TestInput) => {
        if (input.EventPattern === undefined) throw constraint('null', 'eventPattern', 'not be null');
        if (input.Event === undefined) throw constraint('null', 'event', 'not be null');
        if (input.EventPattern.length > 4096)
          throw constraint(input.EventPattern, 'eventPattern', 'have length less than or equal to 4096');
        const event = parseEvent(input.Event);
        return { Result: eventPattern(input.EventPattern)(event) };
      },
    },
  };
}

function parseEvent(text: string): object {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    throw validation('Parameter Event is not valid.');
  }
  const whole =
    typeof event === 'object' &&
    event !== null &&
    !Array.isArray(event) &&
    REQUIRED.every((name) => Object.hasOwn(event as object, name));
  if (!whole) throw validation('Parameter Event is not valid.');
  return event as object;
}
