import { ruleNamed } from '../../audit/choose.js';
import { RULES } from '../../audit/rules/registry.js';
import { ERROR_ENTRIES, type ErrorCode, isErrorCode } from '../../core/error-codes/entries.js';
import type { ErrorEntry } from '../../core/error-codes/types.js';
import { nearest } from '../../core/nearest.js';
import { checkOf } from '../../doctor/choose.js';
import { type CheckDescription, describe } from '../../doctor/describe.js';
import { describeRule, type RuleDescription } from '../audit/render-rules.js';
import { DESCRIBED } from '../doctor/stage.js';
import { usage } from '../shared/usage-error.js';

/** What stands behind a name that cachao printed. A check and an audit rule may share an id. */
export interface Explained {
  code: ({ code: ErrorCode } & ErrorEntry) | null;
  check: CheckDescription | null;
  rule: RuleDescription | null;
}

/** By error code (in any case), or by the id of a check or an audit rule. Throws EXPLAIN_UNKNOWN. */
export function explained(name: string): Explained {
  const code = name.toUpperCase();
  const id = name.toLowerCase();
  const found: Explained = {
    code: isErrorCode(code) ? { code, ...(ERROR_ENTRIES[code] as ErrorEntry) } : null,
    check: DESCRIBED.some((check) => check.id === id) ? describe(checkOf(id, DESCRIBED)) : null,
    rule: RULES.some((rule) => rule.id === id) ? describeRule(ruleNamed(RULES, id)) : null,
  };
  if (!found.code && !found.check && !found.rule) throw unknown(name);
  return found;
}

function unknown(name: string) {
  const ids = new Set([...DESCRIBED, ...RULES].map(({ id }) => id));
  const near = nearest(name, [...ids, ...Object.keys(ERROR_ENTRIES)]);
  const guess = near === undefined ? '' : ` Did you mean ${near}?`;
  return usage(
    'EXPLAIN_UNKNOWN',
    `There is no error code, check or audit rule called "${name}".${guess}`,
    'explain',
  );
}
