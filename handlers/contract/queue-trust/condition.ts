import { equalIgnoringCase, equalTo, like, likeArn, type Matcher, unsure } from './matcher.js';
import type { Constraint } from './request-set.js';

/** One line of a `Condition`: an operator, a key, and values of which one must match. */
export interface Clause {
  operator: string;
  key: string;
  values: readonly string[];
}

/** Keys about who sends, with at most one value in a request. What else a policy asks for, the sender may choose. */
const SENDER_KEYS = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalisawsservice',
  'aws:principalorgid',
  'aws:principalservicename',
  'aws:principaltype',
  'aws:securetransport',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceorgid',
]);
const BOOLEAN_KEYS = new Set(['aws:principalisawsservice', 'aws:securetransport']);
const TRUE_OR_FALSE = [equalTo('true'), equalTo('false')];

interface Comparison {
  matcher(text: string): Matcher;
  negated: boolean;
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  StringEquals: { matcher: equalTo, negated: false },
  StringNotEquals: { matcher: equalTo, negated: true },
  StringEqualsIgnoreCase: { matcher: equalIgnoringCase, negated: false },
  StringNotEqualsIgnoreCase: { matcher: equalIgnoringCase, negated: true },
  StringLike: { matcher: like, negated: false },
  StringNotLike: { matcher: like, negated: true },
  ArnEquals: { matcher: likeArn, negated: false },
  ArnLike: { matcher: likeArn, negated: false },
  ArnNotEquals: { matcher: likeArn, negated: true },
  ArnNotLike: { matcher: likeArn, negated: true },
  Bool: { matcher: (text) => equalTo(text.toLowerCase()), negated: false },
};

/** The requests for which a clause has that value; null: cannot be said, so it may be any. */
export function requestsWhere(clause: Clause, holds: boolean): Constraint | null {
  const key = clause.key.toLowerCase();
  if (!SENDER_KEYS.has(key)) return null;
  const [, quantifier, base = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(clause.operator) ?? [];
  if (base === 'Null') return quantifier || ifExists ? null : nullClause(key, clause.values, holds);
  const comparison = COMPARISONS[base];
  if (!comparison) return null;
  const { negated } = comparison;
  const holdsWhenAbsent =
    ifExists !== undefined || (quantifier === undefined ? negated : quantifier === 'ForAllValues');
  const matchers = clause.values.map((value) => matcherOf(comparison, value));
  const matching = negated !== holds;
  return {
    key,
    mayBeAbsent: holdsWhenAbsent === holds,
    among: matching ? matchers : anyValueOf(key),
    except: matching ? [] : matchers,
  };
}

/** `Null: true` holds where the key is absent. */
function nullClause(key: string, values: readonly string[], holds: boolean): Constraint | null {
  const [value, ...others] = values.map((text) => text.toLowerCase());
  if (others.length > 0 || (value !== 'true' && value !== 'false')) return null;
  const absent = (value === 'true') === holds;
  return { key, mayBeAbsent: absent, among: absent ? [] : anyValueOf(key), except: [] };
}

/** AWS puts the request's own values in the place of a policy variable. */
function matcherOf({ matcher }: Comparison, value: string): Matcher {
  return value.includes('${') ? unsure(value) : matcher(value);
}

function anyValueOf(key: string): readonly Matcher[] | null {
  return BOOLEAN_KEYS.has(key) ? TRUE_OR_FALSE : null;
}
