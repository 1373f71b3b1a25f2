import type { StackEvent } from '../aws/cloudformation.js';
import { cloudformationReads } from '../aws/cloudformation.js';
import { cloudformationWrites } from '../aws/cloudformation-writes.js';
import { s3Reads } from '../aws/s3.js';
import { s3Writes } from '../aws/s3-writes.js';
import type { AwsSession } from '../aws/session.js';
import type { Progress } from '../core/check.js';

/** The AWS services that a deployment uses. Its reads are never memoised: it waits for them to change. */
export function stackServices(session: AwsSession) {
  return {
    region: session.region,
    cloudformation: cloudformationReads(session),
    cloudformationWrites: cloudformationWrites(session),
    s3: s3Reads(session),
    s3Writes: s3Writes(session),
  };
}

export type StackServices = ReturnType<typeof stackServices>;

/** How a deployment speaks with whoever started it. */
export interface StackRun {
  progress: Progress;
  /** Each stack event, as it is seen, oldest first. */
  onEvent?(event: StackEvent): void;
  /** Asked before something is deleted or skipped to recover a stack; false declines. */
  recoverStack(what: string): Promise<boolean>;
  signal?: AbortSignal;
  /** The longest wait between two looks; 2 s unless given. */
  longestPollMs?: number;
}
