/** What a stack's status means for a deployment (FACTS-AWS §6, recovery table). */
export type Condition =
  /** No stack, or one that only waits for its first change set. */
  | 'absent'
  /** Finished, successful: can be updated. */
  | 'ready'
  /** Something is being done to it. */
  | 'busy'
  /** Its creation (or deletion) failed: it can only be deleted. */
  | 'unusable'
  /** The roll-back of an update failed: must be continued. */
  | 'stuck';

const UNUSABLE = ['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED', 'DELETE_FAILED'];

export function conditionOf(status: string | undefined): Condition {
  if (status === undefined || status === 'REVIEW_IN_PROGRESS' || status === 'DELETE_COMPLETE')
    return 'absent';
  if (status.endsWith('_IN_PROGRESS')) return 'busy';
  if (UNUSABLE.includes(status)) return 'unusable';
  return status === 'UPDATE_ROLLBACK_FAILED' ? 'stuck' : 'ready';
}

/** The last thing that was asked of it succeeded. */
export function isSuccess(status: string): boolean {
  return /^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status);
}
