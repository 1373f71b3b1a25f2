/** One call of AWS or Stripe, without anything that was said in it. */
export interface CallRecord {
  /** "lambda", "stripe". */
  service: string;
  /** "GetFunctionCommand", "GET /v1/checkout/sessions/cs_1". */
  operation: string;
  /** HTTP status of the answer; null when there was none. */
  status: number | null;
  durationMs: number;
  requestId: string | null;
  /** Name of the error, if it failed. */
  error?: string;
}

let listener: ((record: CallRecord) => void) | undefined;

/** Has every call of this process told to this listener, from now on. */
export function logCallsTo(told: (record: CallRecord) => void): void {
  listener = told;
}

export function logCall(record: CallRecord): void {
  listener?.(record);
}
