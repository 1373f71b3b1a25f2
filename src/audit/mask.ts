import { HIDDEN } from '../core/secret.js';

/** Shorter ones would blank ordinary words; they are no secrets worth the name. */
const SHORTEST = 4;

/** The text without the secrets that a template writes out. */
export function masked(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, HIDDEN), text);
}

/** Each once, the longest first, so that none is left in part. */
export function worthHiding(values: readonly (string | undefined)[]): string[] {
  const long = values.filter((value): value is string => value !== undefined && value.length >= SHORTEST);
  return [...new Set(long)].sort((one, other) => other.length - one.length || (one < other ? -1 : 1));
}
