import type { PathCheck } from '../checks/types.js';
import type { Area, Severity } from '../core/finding.js';

/** A check, for those who want to know what it is about before, or without, looking. */
export interface CheckDescription {
  id: string;
  title: string;
  area: Area;
  severity: Severity;
  item: number | null;
  why: string;
  needs: string[];
  /** Whether `--fix` can repair it. */
  fixable: boolean;
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
    item: check.item ?? null,
    why,
    needs: [...check.needs],
    fixable: check.fix !== undefined,
    operational: check.operational === true,
    deep: check.deep === true,
    permissions: {
      look: [...check.iam, ...(check.stripe ?? []).map(asStripe)],
      fix: [...(check.fixIam ?? []), ...(check.fixStripe ?? []).map(asStripe)],
    },
  };
}

const asStripe = (permission: string): string => `rak_${permission}`;
