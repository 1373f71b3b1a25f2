import { CachaoError } from '../core/errors.js';
import { EXIT } from '../core/exit-code.js';
import { nearest } from '../core/nearest.js';
import type { AuditRule } from './rule.js';

export interface Selection {
  /** Ids or areas; empty: everything. */
  only: readonly string[];
  skip: readonly string[];
}

/** The rules that are meant, in their order. Throws RULE_UNKNOWN. */
export function chooseRules(all: readonly AuditRule[], { only, skip }: Selection): AuditRule[] {
  for (const name of [...only, ...skip])
    if (!all.some((rule) => isNamed(rule, name))) throw unknown(all, name);
  return all.filter(
    (rule) =>
      (only.length === 0 || only.some((name) => isNamed(rule, name))) &&
      !skip.some((name) => isNamed(rule, name)),
  );
}

/** One rule, by its id. Throws RULE_UNKNOWN. */
export function ruleNamed(all: readonly AuditRule[], id: string): AuditRule {
  const found = all.find((rule) => rule.id === id);
  if (!found) throw unknown(all, id);
  return found;
}

const isNamed = (rule: AuditRule, name: string): boolean =>
  rule.id === name || rule.area === name || rule.id.startsWith(`${name}.`);

function unknown(all: readonly AuditRule[], name: string): CachaoError {
  const near = nearest(
    name,
    all.map((rule) => rule.id),
  );
  return new CachaoError({
    code: 'RULE_UNKNOWN',
    message: `There is no rule "${name}".${near === undefined ? '' : ` Did you mean ${near}?`}`,
    next: ['See every rule: cachao audit --list-rules'],
    exitCode: EXIT.usage,
  });
}
