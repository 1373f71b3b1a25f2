import type { Clause } from './condition.js';
import { matchesWildcard } from './matcher.js';

/** Whom a statement speaks of. */
export type Principals =
  /** `*` */
  | { kind: 'everybody' }
  | { kind: 'listed'; listed: readonly Principal[] }
  /** `NotPrincipal` */
  | { kind: 'all-but'; listed: readonly Principal[] }
  /** Missing, or of a form that is not known. */
  | { kind: 'unknown' };

export interface Principal {
  /** `AWS`, `Service`, `Federated`… */
  type: string;
  value: string;
}

/** A statement about sending to one queue. */
export interface Statement {
  effect: 'Allow' | 'Deny';
  principals: Principals;
  /** All of them must hold. Null: of a form that is not known. */
  clauses: readonly Clause[] | null;
}

type Raw = Record<string, unknown>;

const SEND = 'sqs:sendmessage';

/** What a queue's policy says about sending to it. Null where the policy cannot be read at all. */
export function sendStatements(policy: string | null, queueArn: string): Statement[] | null {
  if (policy === null) return [];
  const document = parse(policy);
  if (!isObject(document) || document.Statement === undefined) return null;
  const statements = listOf(document.Statement);
  if (!statements.every(isObject)) return null;
  return statements
    .map((raw) => ({ raw, effect: raw.Effect === 'Deny' ? ('Deny' as const) : ('Allow' as const) }))
    .filter(
      ({ raw, effect }) =>
        covers(raw.Action, raw.NotAction, effect, matchesSend) &&
        covers(raw.Resource, raw.NotResource, effect, (pattern) => matchesWildcard(pattern, queueArn)),
    )
    .map(({ raw, effect }) => ({
      effect,
      principals: principalsOf(raw),
      clauses: raw.Condition === undefined ? [] : clausesOf(raw.Condition),
    }));
}

function matchesSend(pattern: string): boolean {
  return matchesWildcard(pattern.toLowerCase(), SEND);
}

/** In doubt a denial covers nothing, and a permission covers all. */
function covers(
  listed: unknown,
  not: unknown,
  effect: Statement['effect'],
  matches: (pattern: string) => boolean,
): boolean {
  const inDoubt = effect === 'Allow';
  const patterns = (listed === undefined ? listOf(not) : listOf(listed)).map(String);
  if (patterns.some((pattern) => pattern.includes('${'))) return inDoubt;
  if (listed !== undefined) return patterns.some(matches);
  return not === undefined ? inDoubt : !patterns.some(matches);
}

function principalsOf({ Principal: listed, NotPrincipal: not }: Raw): Principals {
  if (listed === '*') return { kind: 'everybody' };
  if (isObject(listed)) {
    const principals = principalsIn(listed);
    return principals.some(({ type, value }) => type === 'AWS' && value === '*')
      ? { kind: 'everybody' }
      : { kind: 'listed', listed: principals };
  }
  return listed === undefined && isObject(not)
    ? { kind: 'all-but', listed: principalsIn(not) }
    : { kind: 'unknown' };
}

function principalsIn(map: Raw): Principal[] {
  return Object.entries(map).flatMap(([type, values]) =>
    listOf(values).map((value) => ({ type, value: String(value) })),
  );
}

function clausesOf(condition: unknown): Clause[] | null {
  if (!isObject(condition)) return null;
  const operators = Object.entries(condition);
  if (!operators.every(([, keys]) => isObject(keys))) return null;
  return operators.flatMap(([operator, keys]) =>
    Object.entries(keys as Raw).map(([key, values]) => ({
      operator,
      key,
      values: listOf(values).map(String),
    })),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isObject(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
