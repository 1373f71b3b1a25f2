import type { Matcher } from './matcher.js';

/** What a request's value of one key must be. Only of keys that have at most one value. */
export interface Constraint {
  /** Lower case: `aws:sourcearn`. */
  key: string;
  /** The request may be without it. */
  mayBeAbsent: boolean;
  /** Where it is there, it matches one of these; null: it may be anything. */
  among: readonly Matcher[] | null;
  /** Where it is there, it matches none of these. */
  except: readonly Matcher[];
}

/** A set of requests: those for which every constraint holds. No constraint: all of them. */
export type RequestSet = readonly Constraint[];

/** The values that a key may have in a set. */
export interface PossibleValues {
  mayBeAbsent: boolean;
  /** All that it can be where it is there; null: they cannot be listed. */
  listed: readonly string[] | null;
}

export function valuesIn(set: RequestSet, key: string): PossibleValues {
  const constraints = set.filter((one) => one.key === key);
  const mayBeAbsent = constraints.every((one) => one.mayBeAbsent);
  const lists = constraints.flatMap(({ among }) => (among === null ? [] : [among]));
  const list = lists.find((among) => among.every(({ exact }) => exact));
  if (list)
    return {
      mayBeAbsent,
      listed: list.map(({ text }) => text).filter((value) => constraints.every((one) => mayBe(one, value))),
    };
  const excluded = constraints.flatMap(({ except }) => except);
  const impossible = lists.some((among) =>
    among.every((one) => excluded.some((other) => isSame(one, other))),
  );
  return { mayBeAbsent, listed: impossible ? [] : null };
}

/** Whether no request can be in it. A set that is not seen through is taken for possible. */
export function isEmpty(set: RequestSet): boolean {
  return [...new Set(set.map(({ key }) => key))].some((key) => {
    const { mayBeAbsent, listed } = valuesIn(set, key);
    return !mayBeAbsent && listed?.length === 0;
  });
}

function mayBe({ among, except }: Constraint, value: string): boolean {
  return (
    (among === null || among.some((one) => one.matches(value) !== 'no')) &&
    !except.some((one) => one.matches(value) === 'yes')
  );
}

/** What is unsure may be another value each time. */
function isSame(one: Matcher, other: Matcher): boolean {
  return one.kind !== 'unsure' && one.kind === other.kind && one.text === other.text;
}
