import { AwsError } from '../../../kernel/service.js';

/** For `.catch`: what is gone already needs no deleting and has nothing to read. */
export function ignoreMissing(error: unknown): undefined {
  if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return undefined;
  throw error;
}
