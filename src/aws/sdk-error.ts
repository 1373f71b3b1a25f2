/** Where a call was made, for messages. */
export interface CallContext {
  /** `events:DescribeRule`. */
  action: string;
  region: string;
  profile: string | null;
}

/** The members of the SDK's errors that we read. */
export interface SdkError extends Error {
  /** The wire's code where the SDK has a class of another name (FACTS-AWS §6). */
  Code?: string;
  /** Of errors of the network. */
  code?: string;
  tokenIsExpired?: boolean;
  $fault?: 'client' | 'server';
  $metadata?: { httpStatusCode?: number; requestId?: string; attempts?: number };
  $retryable?: { throttling?: boolean };
}
