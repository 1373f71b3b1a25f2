/** What one leaf of an event can hold. */
export type Scalar = string | number | boolean | null;

/** One element of a pattern's array: the field matches when any of them does. */
export type Matcher =
  | { kind: 'value'; test(value: Scalar): boolean }
  /** `exists: true` or `exists: false`: about the field, not about a value of it. */
  | { kind: 'exists'; expected: boolean };

/** One field of a pattern, with its path from the top of the event. */
export type FieldPattern =
  | { kind: 'leaf'; key: string; path: string; matchers: Matcher[] }
  | { kind: 'nested'; key: string; pattern: ObjectPattern };

/** All fields must match, and one alternative of every `$or`. */
export interface ObjectPattern {
  fields: FieldPattern[];
  alternatives: ObjectPattern[][];
}
