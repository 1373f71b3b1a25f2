import type { Change } from '../../core/check.js';
import { CachaoError, InterruptedError } from '../../core/errors.js';
import { EXIT, type ExitCode, worstExitCode } from '../../core/exit-code.js';
import type { Finding } from '../../core/finding.js';
import { type Report, type ReportOutcome, reportError } from '../../core/report.js';
import { Scope } from '../../core/scope.js';
import { changesAsTyped, qualifyError, qualifyFindings } from '../../core/suggested-commands.js';
import type { Canvas } from '../../terminal/canvas.js';

/** What a command hands back. The report, the text and the exit code are made from it. */
export interface CommandResult {
  outcome: ReportOutcome;
  /** Follows from outcome and error unless given. */
  exitCode?: ExitCode;
  findings?: Finding[];
  changes?: Change[];
  /** Stopped here; findings and changes say what was done before. */
  error?: CachaoError | null;
  /** What this command adds to the JSON document, beside the envelope's members. */
  more?: Record<string, unknown>;
  /** The result for a person, on stdout. */
  text?(canvas: Canvas): string;
}

const EXIT_BY_OUTCOME: Record<ReportOutcome, ExitCode> = {
  ok: EXIT.ok,
  changed: EXIT.ok,
  unchanged: EXIT.ok,
  planned: EXIT.ok,
  problem: EXIT.problem,
  unknown: EXIT.unknown,
  error: EXIT.problem,
  interrupted: EXIT.interrupted,
  declined: EXIT.problem,
};

/** Where schemas are named; their files are in `schemas/`. */
export const SCHEMA_BASE = 'cachao:/schemas/';

/** The envelope, with the command's own members after it; what it suggests looks where the run looked. */
export function reportOf(command: string, result: CommandResult, scope = Scope.NONE): Report {
  const { error } = result;
  const codes = error
    ? [error.exitCode, result.outcome === 'interrupted' ? EXIT.interrupted : error.exitCode]
    : [result.exitCode ?? EXIT_BY_OUTCOME[result.outcome]];
  return {
    schema: `${SCHEMA_BASE}${command === '' ? 'report' : command.replaceAll(':', '-')}.schema.json`,
    command,
    outcome: result.outcome,
    exitCode: worstExitCode(codes),
    findings: qualifyFindings(result.findings ?? [], scope),
    changes: changesAsTyped(result.changes ?? [], scope),
    error: error ? qualifyError(reportError(error), scope) : null,
    ...result.more,
  };
}

/** The result of something thrown: an error that a user can act on, or a defect of ours. */
export function failureOf(thrown: unknown): CommandResult {
  const error = thrown instanceof CachaoError ? thrown : defect(thrown);
  if (error instanceof InterruptedError) return { outcome: 'interrupted', error };
  return { outcome: error.exitCode === EXIT.unknown ? 'unknown' : 'error', error };
}

/** A defect of ours: no stack trace for the user, who cannot act on it. */
export function defect(thrown: unknown): CachaoError {
  return new CachaoError({
    code: 'DEFECT',
    message: `Something went wrong inside cachao: ${messageOf(thrown)}`,
    why: 'This is a defect in cachao, not in your set-up.',
    next: ['Run the same command with --debug to see where, and report it with that.'],
    cause: thrown,
  });
}

/** The same defect, with the file that says where it happened. */
export function tracedDefect({ message, why, cause }: CachaoError, path: string): CachaoError {
  return new CachaoError({
    code: 'DEFECT',
    message,
    ...(why === undefined ? {} : { why }),
    next: [`Report it, with this file, which says where it happened: ${path}`],
    cause,
  });
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof Error && thrown.message !== '') return thrown.message;
  return thrown instanceof Error ? thrown.name : String(thrown);
}
