import type { Change } from './check.js';
import type { CachaoError } from './errors.js';
import type { ExitCode } from './exit-code.js';
import type { Finding } from './finding.js';

export type ReportOutcome =
  | 'ok'
  | 'changed'
  | 'unchanged'
  | 'planned'
  | 'problem'
  | 'unknown'
  | 'error'
  | 'interrupted'
  | 'declined';

export interface ReportError {
  code: string;
  message: string;
  why: string | null;
  next: string[];
}

/** The envelope that every command's `--json` document shares. Commands add their own members beside these. */
export interface Report {
  /** URL-shaped name of the JSON schema in `schemas/`. */
  schema: string;
  command: string;
  outcome: ReportOutcome;
  exitCode: ExitCode;
  findings: Finding[];
  /** What was changed, or would be; empty when nothing. */
  changes: Change[];
  error: ReportError | null;
}

export function reportError(error: CachaoError): ReportError {
  return { code: error.code, message: error.message, why: error.why ?? null, next: [...error.next] };
}
