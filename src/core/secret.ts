import { inspect } from 'node:util';

/** Values that were wrapped in this process: the output's last line of defence looks for them. */
const known = new Set<string>();
/** Shorter ones would blank ordinary words. */
const SHORTEST_KNOWN = 8;
export const HIDDEN = '[secret]';

/** A value that must not be seen. However it is printed, it reads `[secret]`; `reveal` alone gives it away. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    hide(value);
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}

/** Makes `redact` hide this value from now on. */
export function hide(value: string | undefined): void {
  if (value !== undefined && value.length >= SHORTEST_KNOWN) known.add(value);
}

/** Enough of a key to tell it from another, with its type: `sk_test_…abcd`. */
export function mask(key: string): string {
  const type = /^(?:[a-z]+_(?:test|live)_|whsec_|AKIA|ASIA)/.exec(key)?.[0] ?? '';
  const rest = key.slice(type.length);
  return `${type}…${rest.length >= 12 ? rest.slice(-4) : ''}`;
}

const PATTERNS: readonly [RegExp, string][] = [
  [/\b((?:sk|rk)_(?:test|live)_)[A-Za-z0-9]{4,}/g, `$1${HIDDEN}`],
  [/\b(whsec_)[A-Za-z0-9+/=]{4,}/g, `$1${HIDDEN}`],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/]+@/gi, `$1:${HIDDEN}@`],
];

/** The text without any secret: those wrapped in this process, and whatever has the shape of one. */
export function redact(text: string): string {
  let clean = text;
  for (const value of known) if (clean.includes(value)) clean = clean.replaceAll(value, HIDDEN);
  for (const [pattern, replacement] of PATTERNS) clean = clean.replace(pattern, replacement);
  return clean;
}
