import { PROBE_EVENT_TYPE } from './stripe-event.js';

/**
 * What every function answers when it is invoked directly, through IAM, with a probe: which database it really uses.
 * Nothing is recorded. EventBridge, API Gateway and SQS never send such an input.
 */
export const PROBE_REQUEST = { type: PROBE_EVENT_TYPE } as const;

export function isProbe(input: unknown): boolean {
  return (
    typeof input === 'object' && input !== null && (input as { type?: unknown }).type === PROBE_EVENT_TYPE
  );
}

/** An answer in every case: a failed invocation would count among the function's own errors, and let an alarm ring. */
export type FunctionProbe =
  | { probe: true; stage: string; database: DatabaseUse | DatabaseUnreachable }
  /** The function could not take an event either: what it was configured with is wrong. */
  | { probe: true; error: { code: string; message: string } };

/** The database at the other end of a function's own connection. Never its password. */
export interface DatabaseUse extends DatabaseParameter {
  reachable: true;
  latencyMs: number;
  /** `10.11.6-MariaDB`. */
  version: string;
  tls: 'verified' | 'off';
  /** The embedded one of the local cloud. */
  local: boolean;
  /** As the parameter has them. */
  host: string;
  port: number;
  user: string;
  /** As the server has them: DATABASE() and @@hostname. */
  schema: string;
  serverName: string;
  /** ISO 8601, when the ledger there began to record, which tells one ledger from another; null before that. */
  recordingSince: string | null;
}

export interface DatabaseUnreachable extends DatabaseParameter {
  reachable: false;
  code: string;
  message: string;
  /** The driver's, the server's or the network's own code: `ER_ACCESS_DENIED_ERROR`, `ENOTFOUND`. */
  reason: string | null;
}

/** The SSM parameter by which the connection was opened. */
export interface DatabaseParameter {
  parameter: string;
  /** null: it could not be read. */
  parameterVersion: number | null;
}
