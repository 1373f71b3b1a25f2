import { validationError } from './errors.js';

/** The query protocol carries every scalar as text and an empty list as an empty text. */
export type QueryInput = Record<string, unknown>;

export function text(input: QueryInput, name: string): string | undefined {
  const value = input[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function requiredText(input: QueryInput, name: string): string {
  const value = text(input, name);
  if (value !== undefined) return value;
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  throw validationError(
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

export function flag(input: QueryInput, name: string): boolean | undefined {
  const value = input[name];
  if (value === undefined || value === '') return undefined;
  return value === true || value === 'true';
}

export function list(input: QueryInput, name: string): unknown[] {
  const value = input[name];
  return Array.isArray(value) ? value : [];
}

export function texts(input: QueryInput, name: string): string[] {
  return list(input, name).map(String);
}

export function records(input: QueryInput, name: string): Record<string, string>[] {
  return list(input, name).filter(
    (item): item is Record<string, string> => typeof item === 'object' && item !== null,
  );
}

export function tagRecord(input: QueryInput): Record<string, string> {
  const given = records(input, 'Tags');
  if (given.length > 50)
    throw validationError(
      "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50",
    );
  for (const { Key = '' } of given)
    if (Key.startsWith('aws:'))
      throw validationError(`aws: prefixed tag key names are not allowed for external use: ${Key}`);
  return Object.fromEntries(given.map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}

/** One page of a list; the token is the offset, kept opaque. */
export function page<T>(
  items: T[],
  token: string | undefined,
  size: number,
): { items: T[]; next: string | undefined } {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString('utf8'));
  if (!Number.isInteger(start) || start < 0) throw validationError(`Invalid NextToken: ${token}`);
  const end = start + size;
  return {
    items: items.slice(start, end),
    next: end < items.length ? Buffer.from(String(end)).toString('base64url') : undefined,
  };
}
