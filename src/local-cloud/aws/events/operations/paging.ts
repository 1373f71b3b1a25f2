import { constraint, validation } from '../errors.js';

/** One page of a list sorted by name: `Limit` 1 to 100, `NextToken` opaque. */
export function page<T>(
  sorted: T[],
  key: (item: T) => string,
  input: { Limit?: number; NextToken?: string },
): { items: T[]; NextToken?: string } {
  const limit = input.Limit ?? 100;
  if (!Number.isInteger(limit) || limit < 1)
    throw constraint(limit, 'limit', 'have value greater than or equal to 1');
  if (limit > 100) throw constraint(limit, 'limit', 'have value less than or equal to 100');
  const after = input.NextToken === undefined ? undefined : readToken(input.NextToken);
  const rest = after === undefined ? sorted : sorted.filter((item) => key(item) > after);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  if (rest.length <= limit || last === undefined) return { items };
  return { items, NextToken: Buffer.from(`after ${key(last)}`).toString('base64') };
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString('utf8');
  if (!text.startsWith('after ')) throw validation('Parameter NextToken is not valid.');
  return text.slice('after '.length);
}
