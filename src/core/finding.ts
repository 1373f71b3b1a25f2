/** `unknown`: could not look. It is never folded into the others. */
export type Outcome = 'pass' | 'warn' | 'fail' | 'skipped' | 'unknown';

/** How bad it is when the healthy state does not hold. */
export type Severity = 'warn' | 'fail';

export type Area =
  | 'account'
  | 'stripe'
  | 'eventbridge'
  | 'function'
  | 'queue'
  | 'alarm'
  | 'log'
  | 'api'
  | 'secret'
  | 'database'
  | 'stack'
  | 'delivery';

/** A fact that was seen: an id, a state, a time; with a console or dashboard link where there is one. */
export interface Evidence {
  label: string;
  value: string;
  url?: string;
}

export interface Remedy {
  /** For a person: what to do. */
  text: string;
  /** Commands that can be run as they stand, in order. */
  commands: string[];
  url?: string;
  /** Whether `--fix` (or `setup`) does it. */
  fixable: boolean;
}

/** What `inspect` says. The rest of a `Finding` is known from the check. */
export interface Verdict {
  outcome: Outcome;
  /** One line: the state, with the value that was found. For `skipped` and `unknown`, the reason. */
  summary: string;
  expected?: string;
  actual?: string;
  evidence?: Evidence[];
  remedy?: Remedy;
}

export interface Finding extends Required<Pick<Verdict, 'outcome' | 'summary'>> {
  id: string;
  /** The healthy state, as a sentence. */
  title: string;
  area: Area;
  severity: Severity;
  /** Number in the checklist that the project grew from. */
  item: number | null;
  expected: string | null;
  actual: string | null;
  evidence: Evidence[];
  remedy: Remedy | null;
  muted: { reason: string; until: string | null } | null;
  durationMs: number;
}

export const pass = (summary: string, more: Omit<Verdict, 'outcome' | 'summary'> = {}): Verdict => ({
  outcome: 'pass',
  summary,
  ...more,
});
export const warn = (summary: string, more: Omit<Verdict, 'outcome' | 'summary'> = {}): Verdict => ({
  outcome: 'warn',
  summary,
  ...more,
});
export const fail = (summary: string, more: Omit<Verdict, 'outcome' | 'summary'> = {}): Verdict => ({
  outcome: 'fail',
  summary,
  ...more,
});
export const skipped = (reason: string): Verdict => ({ outcome: 'skipped', summary: reason });
export const unknown = (reason: string, more: Omit<Verdict, 'outcome' | 'summary'> = {}): Verdict => ({
  outcome: 'unknown',
  summary: reason,
  ...more,
});

/** `fail` or `warn`, whichever the check's severity says. */
export function unhealthy(
  severity: Severity,
  summary: string,
  more: Omit<Verdict, 'outcome' | 'summary'> = {},
): Verdict {
  return { outcome: severity, summary, ...more };
}
