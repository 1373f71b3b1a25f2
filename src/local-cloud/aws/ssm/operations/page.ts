import { AwsError } from '../../../kernel/service.js';
import { constraint } from '../errors.js';

/** `MaxResults` and `NextToken` over a list in stable order. */
export function page<T>(items: T[], input: { MaxResults?: number; NextToken?: string }, maximum: number) {
  const size = input.MaxResults ?? maximum;
  if (size < 1 || size > maximum) throw constraint('maxResults', size, `have value between 1 and ${maximum}`);
  const start = input.NextToken === undefined ? 0 : Number(Buffer.from(input.NextToken, 'base64').toString());
  if (!Number.isInteger(start) || start < 0)
    throw new AwsError('InvalidNextToken', 'The specified token is not valid.');
  const end = start + size;
  const rest = end < items.length ? { NextToken: Buffer.from(String(end)).toString('base64') } : {};
  return { items: items.slice(start, end), rest };
}
