import { invalidRequest } from './errors.js';
import { isMap, type Shape } from './shapes.js';

const MOST_KEYS = 50;
const LONGEST_KEY = 40;
const LONGEST_VALUE = 500;

/** Values to set, and null where a key is to be removed; `'clear'` removes all (v1: `metadata=`). */
export type MetadataChange = Record<string, string | null> | 'clear';

/** Metadata as Stripe takes it: v1 removes a key by an empty value, v2 by null. */
export function metadata(): Shape<MetadataChange | undefined> {
  return {
    read(value, path) {
      if (value === undefined) return undefined;
      if (value === '' || value === null) return 'clear';
      if (!isMap(value)) throw invalidRequest('Invalid object', path);
      const change: Record<string, string | null> = {};
      for (const [key, text] of Object.entries(value)) change[key] = readValue(key, text, `${path}[${key}]`);
      return change;
    },
  };
}

/** The metadata after a change. Throws when there would be too much of it. */
export function changedMetadata(
  before: Record<string, string>,
  change: MetadataChange | undefined,
): Record<string, string> {
  if (change === undefined) return before;
  if (change === 'clear') return {};
  const after = { ...before };
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete after[key];
    else after[key] = value;
  }
  if (Object.keys(after).length > MOST_KEYS)
    throw invalidRequest(`You can only set ${MOST_KEYS} metadata keys on an object.`, 'metadata');
  return after;
}

function readValue(key: string, value: unknown, path: string): string | null {
  if (key.length > LONGEST_KEY)
    throw invalidRequest(
      `Metadata keys can have up to ${LONGEST_KEY} characters, but you passed in a key that has ${key.length} characters. Invalid key: ${key}`,
      path,
    );
  if (value === '' || value === null) return null;
  if (typeof value !== 'string')
    throw invalidRequest(
      `Metadata values must be strings, but for key '${key}' you passed in a value of type ${Array.isArray(value) ? 'array' : typeof value}`,
      path,
    );
  if (value.length > LONGEST_VALUE)
    throw invalidRequest(
      `Metadata values can have up to ${LONGEST_VALUE} characters, but you passed in a value that is ${value.length} characters. Invalid value: ${value.slice(0, 20)}…`,
      path,
    );
  return value;
}
