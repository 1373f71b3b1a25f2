import type { ErrorCode } from './error-codes/entries.js';
import { EXIT, type ExitCode } from './exit-code.js';

export interface ErrorDetails {
  /** Stable, capitals: scripts read it. Each has an entry, which `cachao explain` prints. */
  code: ErrorCode;
  /** What happened, with the wrong value. */
  message: string;
  /** Why it matters, or why it happened. */
  why?: string;
  /** What to do next: sentences or commands, in order. */
  next?: string[];
  exitCode?: ExitCode;
  cause?: unknown;
}

/** An error that a user can act on. Anything else that is thrown is a defect of ours. */
export class CachaoError extends Error {
  readonly code: ErrorCode;
  readonly why: string | undefined;
  readonly next: readonly string[];
  readonly exitCode: ExitCode;

  constructor(details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'CachaoError';
    this.code = details.code;
    this.why = details.why;
    this.next = details.next ?? [];
    this.exitCode = details.exitCode ?? EXIT.problem;
  }
}

/** Could not look: the services did not answer, or refused. Findings built from it are `unknown`. */
export class CannotLookError extends CachaoError {
  constructor(details: ErrorDetails) {
    super({ exitCode: EXIT.unknown, ...details });
    this.name = 'CannotLookError';
  }
}

/** A service refused for want of a permission. */
export class AccessDeniedError extends CannotLookError {
  constructor(
    /** IAM action or Stripe `rak_` permission. */
    readonly permission: string,
    /** Who asked: a principal ARN, or the masked key. */
    readonly identity: string,
    details: ErrorDetails,
  ) {
    super(details);
    this.name = 'AccessDeniedError';
  }
}

/** Undefined where one could not look: for what only adds to an answer that can do without it. */
export async function undefinedIfUnavailable<T>(looked: Promise<T>): Promise<T | undefined> {
  try {
    return await looked;
  } catch (error) {
    if (error instanceof CannotLookError) return undefined;
    throw error;
  }
}

/** Ctrl-C or SIGTERM, after the safe point was reached. */
export class InterruptedError extends CachaoError {
  constructor(message = 'Interrupted.', next: string[] = ['Run the same command again to go on from here.']) {
    super({ code: 'INTERRUPTED', message, next, exitCode: EXIT.interrupted });
    this.name = 'InterruptedError';
  }
}

/** What a wait throws when its signal is aborted: Node's own, fetch's, and the AWS SDK's. */
export const isAbort = (thrown: unknown): boolean =>
  thrown instanceof Error &&
  (thrown.name === 'AbortError' || (thrown as NodeJS.ErrnoException).code === 'ABORT_ERR');

export interface MissingAnswer {
  /** What is asked: "AWS region". */
  what: string;
  flag: string;
  variable: string;
  why: string;
}

/** Answers are needed and nobody can be asked; names all of them at once. */
export class AnswersNeededError extends CachaoError {
  constructor(
    readonly missing: readonly MissingAnswer[],
    /** Why nobody can be asked, as half a sentence. */
    silence?: string,
  ) {
    super({
      code: 'ANSWERS_NEEDED',
      message: `${missing.length === 1 ? 'An answer is' : `${missing.length} answers are`} missing${silence === undefined ? '' : ` and ${silence}`}: ${missing.map((m) => m.what).join(', ')}.`,
      next: missing.map((m) => `Give ${m.what}: by ${m.flag} or ${m.variable} (${m.why}).`),
      exitCode: EXIT.answerNeeded,
    });
    this.name = 'AnswersNeededError';
  }
}
