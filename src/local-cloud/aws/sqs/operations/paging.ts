import { invalidValue } from '../errors.js';

/** One page of a sorted list. Without MaxResults there is no token and at most 1000 items, as SQS has it. */
export function page<T>(
  sorted: T[],
  key: (item: T) => string,
  input: { MaxResults?: number; NextToken?: string },
): { items: T[]; NextToken?: string } {
  const { MaxResults: maximum } = input;
  if (maximum !== undefined && (!Number.isInteger(maximum) || maximum < 1 || maximum > 1000))
    throw invalidValue(maximum, 'MaxResults', 'MaxResults must be an integer between 1 and 1000.');
  const after =
    input.NextToken === undefined ? undefined : Buffer.from(input.NextToken, 'base64').toString('utf8');
  const rest = after === undefined ? sorted : sorted.filter((item) => key(item) > after);
  const items = rest.slice(0, maximum ?? 1000);
  const last = items.at(-1);
  if (maximum === undefined || rest.length <= maximum || last === undefined) return { items };
  return { items, NextToken: Buffer.from(key(last)).toString('base64') };
}
