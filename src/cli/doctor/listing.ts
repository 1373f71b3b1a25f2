import { checkOf, choose } from '../../doctor/choose.js';
import { describe } from '../../doctor/describe.js';
import type { CommandResult } from '../shared/result.js';
import type { DoctorFlags } from './flags.js';
import { renderCheck, renderChecks } from './render-checks.js';
import { DESCRIBED } from './stage.js';

/** Every check, or those that were chosen. Looks at nothing. */
export function listChecks({ only = [], skip = [] }: Pick<DoctorFlags, 'only' | 'skip'>): CommandResult {
  const { checks, chosen } = choose(DESCRIBED, { only, skip, deep: true, endToEnd: true });
  const described = checks.filter((check) => chosen.has(check.id)).map(describe);
  return {
    outcome: 'ok',
    more: { checks: described },
    text: (canvas) => renderChecks(described, canvas),
  };
}

/** One check, in full. Throws CHECK_UNKNOWN. */
export function explainCheck(id: string): CommandResult {
  const described = describe(checkOf(id, DESCRIBED));
  return {
    outcome: 'ok',
    more: { checks: [described] },
    text: (canvas) => renderCheck(described, canvas),
  };
}
