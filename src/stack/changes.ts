import type { ResourceChange } from '../aws/cloudformation.js';
import type { Change } from '../core/check.js';

const ACTIONS: Record<string, Change['action']> = {
  Add: 'create',
  Import: 'update',
  Remove: 'delete',
};

/** A change set's entries as changes of ours: what replaces and what deletes comes first and says so loudly. */
export function readChanges(check: string, changes: readonly ResourceChange[]): Change[] {
  return changes
    .map((change) => readChange(check, change))
    .sort((a, b) => loudness(b.action) - loudness(a.action));
}

function readChange(check: string, change: ResourceChange): Change {
  const replaced = change.action === 'Modify' && change.replacement === 'True';
  return {
    check,
    action: replaced ? 'replace' : (ACTIONS[change.action] ?? 'update'),
    resource: change.type,
    name: change.logicalId,
    details: [...warnings(change, replaced), ...change.details],
  };
}

function warnings(change: ResourceChange, replaced: boolean): string[] {
  const stays = change.policyAction?.startsWith('Retain') || change.policyAction === 'ReplaceAndRetain';
  const old = change.physicalId ? ` (${change.physicalId})` : '';
  if (change.action === 'Remove')
    return [stays ? `LEAVES THE STACK; the resource itself stays${old}` : `WILL BE DELETED${old}`];
  if (replaced)
    return [
      stays ? `WILL BE REPLACED; the old one stays${old}` : `WILL BE REPLACED; the old one is deleted${old}`,
    ];
  if (change.action === 'Modify' && change.replacement === 'Conditional') return [`may be replaced${old}`];
  return [];
}

function loudness(action: Change['action']): number {
  if (action === 'delete') return 2;
  return action === 'replace' ? 1 : 0;
}
