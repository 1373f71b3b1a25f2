import type { Finding } from './finding.js';

/** The one table of exit codes, the same in text and JSON mode. */
export const EXIT = {
  /** Healthy, or done. */
  ok: 0,
  /** A problem was found, or remains; a plan was declined. */
  problem: 1,
  /** Wrong usage. */
  usage: 2,
  /** Could not look: credentials, network, time-out. */
  unknown: 3,
  /** An answer is needed and nobody can be asked. */
  answerNeeded: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Any fail is 1 even beside unknowns; else an unknown of severity fail is 3; warnings count only under `strict`. */
export function exitCodeOf(findings: readonly Finding[], options: { strict?: boolean } = {}): ExitCode {
  const counted = findings.filter((finding) => !finding.muted);
  if (counted.some((f) => f.outcome === 'fail')) return EXIT.problem;
  if (options.strict && counted.some((f) => f.outcome === 'warn')) return EXIT.problem;
  if (counted.some((f) => f.outcome === 'unknown' && f.severity === 'fail')) return EXIT.unknown;
  return EXIT.ok;
}

const PRECEDENCE: readonly ExitCode[] = [
  EXIT.interrupted,
  EXIT.usage,
  EXIT.answerNeeded,
  EXIT.problem,
  EXIT.unknown,
  EXIT.ok,
];

/** Of several outcomes, the one that a caller must hear of. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return PRECEDENCE.find((code) => codes.includes(code)) ?? EXIT.ok;
}
