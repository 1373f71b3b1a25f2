import { nearest } from '../../../core/nearest.js';
import { requirement } from '../../../requirements/requirement.js';
import type { AuditRule, Judgement } from '../../rule.js';
import type { Suppression } from '../../suppressions.js';

/** Judged by the audit itself, which alone knows what a suppression covered. */
export const SUPPRESSION_RULE: AuditRule = {
  ...requirement('audit.suppression'),
  *judge() {},
};

export function judgeSuppressions(
  suppressions: readonly Suppression[],
  used: ReadonlySet<Suppression>,
  /** Ids of the rules that there are, and of those that ran. */
  rules: { known: readonly string[]; ran: readonly string[] },
): Judgement[] {
  return suppressions.flatMap((one) => faultOf(one, used.has(one), rules));
}

function faultOf(
  one: Suppression,
  used: boolean,
  { known, ran }: { known: readonly string[]; ran: readonly string[] },
): Judgement[] {
  const unknown = one.rules.find((rule) => !known.includes(rule));
  if (one.rules.length === 0 || unknown !== undefined) {
    const near = unknown === undefined ? undefined : nearest(unknown, known);
    return [
      {
        at: one.at,
        summary:
          unknown === undefined
            ? 'A suppression names no rule.'
            : `A suppression names "${unknown}", which is no rule.`,
        advice: `Write it as: cachao-audit-ignore ${near ?? 'function.tags'}: the reason.`,
      },
    ];
  }
  if (one.reason === '')
    return [
      {
        at: one.at,
        summary: `A suppression of ${one.rules.join(', ')} gives no reason, and is not followed.`,
        advice: `Give the reason behind a colon: cachao-audit-ignore ${one.rules.join(', ')}: the reason.`,
      },
    ];
  // A rule that did not run cannot say that it is content.
  if (used || !one.rules.every((rule) => ran.includes(rule))) return [];
  return [
    {
      at: one.at,
      summary: `A suppression of ${one.rules.join(', ')} covers nothing any more.`,
      advice: 'Take it away.',
    },
  ];
}
