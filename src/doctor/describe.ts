import type { PathCheck } from '../checks/types.js';
import type { Area, Severity } from '../core/finding.js';

/** A check, for those who want to know what it is about before, or without, looking. */
export interface CheckDescription {
  id: string;
  title: string;
  area: Area;
  severity: Severity;
  /** When it comes to the other of `fail` and `warn`; null: never. */
  otherwise: string | null;
  item: number | null;
  why: string;
  needs: string[];
  /** Whether `--fix` can repair it. */
  fixable: boolean;
  /** What `--fix` does not repair of it; null: nothing, or there is no fix. */
  fixLeaves: string | null;
  /** How it has been going, as against how it is set up. */
  operational: boolean;
  deep: boolean;
  /** What looking needs, and what repairing needs besides. */
  permissions: { look: string[]; fix: string[] };
}

export function describe(check: PathCheck): CheckDescription {
  const { id, title, area, severity, why } = check;
  return {
    id,
    title,
    area,
    severity,
    otherwise: check.otherwise ?? null,
    item: check.item ?? null,
    why,
    needs: [...check.needs],
    fixable: check.fix !== undefined,
    fixLeaves: leavesOf(check),
    operational: check.operational === true,
    deep: check.deep === true,
    permissions: {
      look: [...check.iam, ...(check.stripe ?? []).map(asStripe)],
      fix: [...(check.fixIam ?? []), ...(check.fixStripe ?? []).map(asStripe)],
    },
  };
}

function leavesOf({ fixLeaves, fixOwnStackOnly }: PathCheck): string | null {
  const leaves = [
    ...(fixLeaves === undefined ? [] : [fixLeaves]),
    ...(fixOwnStackOnly ? ['what belongs to a stack that cachao does not deploy'] : []),
  ];
  return leaves.length > 0 ? leaves.join('; ') : null;
}

const asStripe = (permission: string): string => `rak_${permission}`;
