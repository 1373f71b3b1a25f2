/** One asynchronous event that has not come to its end, under its request id. */
export interface AsyncEventRecord {
  requestId: string;
  functionArn: string;
  functionName: string;
  region: string;
  /** JSON text. */
  payload: string;
  /** Milliseconds. */
  acceptedAt: number;
  /** Not before; milliseconds. */
  dueAt: number;
  /** Attempts that came to an end. */
  attempts: number;
  /** Response of the last attempt, when one failed. */
  lastResponse?: string;
}

/** Why Lambda stopped trying, as destinations report it. */
export type EndCondition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency';
