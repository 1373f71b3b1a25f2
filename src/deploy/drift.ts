import type { DriftedResource } from '../aws/cloudformation-drift.js';
import type { Change } from '../core/check.js';

/** Something of the stack that was changed by hand since it was last deployed. */
export interface ManualChange {
  logicalId: string;
  type: string;
  /** `Properties.Timeout: 30 -> 60`, from what the stack says to what is there; `deleted` for what is gone. */
  differences: string[];
  /** Whether this deployment touches it, and so may overwrite what was done by hand. */
  overwritten: boolean;
}

/** What was changed by hand, with what a change set would do to it; what it touches first. */
export function handMadeChanges(
  drifted: readonly DriftedResource[],
  changes: readonly Change[],
): ManualChange[] {
  const touched = new Set(changes.map((change) => change.name));
  return drifted
    .map((resource) => ({
      logicalId: resource.logicalId,
      type: resource.type,
      differences:
        resource.status === 'DELETED'
          ? ['deleted']
          : resource.differences.map(
              ({ path, expected, actual }) =>
                `${path.replace(/^\//, '').replaceAll('/', '.')}: ${expected || '(none)'} -> ${actual || '(none)'}`,
            ),
      overwritten: touched.has(resource.logicalId),
    }))
    .sort((a, b) => Number(b.overwritten) - Number(a.overwritten));
}
