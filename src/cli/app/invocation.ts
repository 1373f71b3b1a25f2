import { writeSync } from 'node:fs';
import type { CachaoError } from '../../core/errors.js';
import { EXIT } from '../../core/exit-code.js';
import { type Report, reportError } from '../../core/report.js';
import { Scope } from '../../core/scope.js';
import { redact } from '../../core/secret.js';
import { qualifyError } from '../../core/suggested-commands.js';
import type { Canvas } from '../../terminal/canvas.js';
import { renderError } from '../../terminal/errors.js';
import { renderJson } from '../../terminal/json.js';
import { type Terminal, terminalOf } from '../../terminal/terminal.js';
import { type CommandResult, reportOf, tracedDefect } from '../shared/result.js';
import { DebugLog, stackOf } from './debug-log.js';

/** One run of the program: how its outcome is told, exactly once, and with which exit code. */
export class Invocation {
  /** Id of the command; empty until it is known. */
  command = '';
  terminal: Terminal;
  readonly json: boolean;
  /** Where the run looks, as far as flags said so. */
  scope = Scope.NONE;
  #told: Report | undefined;
  #announced = false;
  #lost = false;
  #debugLog: DebugLog | undefined;

  constructor(readonly argv: readonly string[]) {
    this.json = wantsJson(argv, process.env);
    this.terminal = terminalOf(process.env, process);
  }

  /** Reads the terminal's capabilities again, after the environment changed. */
  refresh(): void {
    this.terminal = terminalOf(process.env, process, this.scope);
  }

  /** What is suggested from now on looks where this run looks. */
  lookFrom(scope: Scope): void {
    this.scope = scope;
    this.refresh();
  }

  /** Writes the result on stdout (JSON or text) and an error on stderr, and sets the exit code. Once; later calls do nothing. */
  finish(result: CommandResult): void {
    if (this.#told) {
      this.#finishAnnounced(result);
      return;
    }
    const told = this.#withTrace(result);
    const report = reportOf(this.command, told, this.scope);
    this.#told = report;
    process.exitCode = report.exitCode;
    if (this.json) {
      process.stdout.write(renderJson(report));
      return;
    }
    const text = textOf(told, this.terminal.out);
    if (text !== '') process.stdout.write(`${redact(text)}\n`);
    this.#tellError(told);
  }

  /** Logs to a file what this run does. */
  debug(): void {
    this.#debugLog = DebugLog.open(this.command);
    this.#debugLog?.followCalls();
    this.say(
      this.#debugLog
        ? `Every call is logged to ${this.#debugLog.path}`
        : 'No call is logged: no file can be written below .cachao/log.',
    );
  }

  /** A defect of ours: its stack goes into a file that its report names. */
  #withTrace(result: CommandResult): CommandResult {
    const { error } = result;
    if (error?.code !== 'DEFECT') return result;
    const log = this.#debugLog ?? DebugLog.open(this.command);
    log?.write({ event: 'defect', stack: stackOf(error) });
    return log ? { ...result, error: tracedDefect(error, log.path) } : result;
  }

  /** The one document is out already: what broke afterwards is told on stderr and by the exit code. Ctrl-C is how such a command ends. */
  #finishAnnounced(result: CommandResult): void {
    if (!this.#announced || !result.error || result.outcome === 'interrupted') return;
    this.#announced = false;
    const told = this.#withTrace(result);
    process.exitCode = reportOf(this.command, told, this.scope).exitCode;
    this.#tellError(told);
  }

  #tellError({ error }: CommandResult): void {
    if (!error) return;
    this.say(`\n${renderError(qualifyError(reportError(error), this.scope), this.terminal.err)}`);
    this.#debugLog?.write({ event: 'error', code: error.code, stack: stackOf(error) });
    if (this.#debugLog || process.env.CACHAO_DEBUG) this.say(`\n${stackOf(error)}`);
    if (this.#debugLog) this.say(`Log of this run: ${this.#debugLog.path}`);
  }

  /** The result of a command that goes on running: told now, as one line of JSON, and not again at its end. */
  announce(result: CommandResult): void {
    const report = reportOf(this.command, result, this.scope);
    this.#told = report;
    this.#announced = true;
    process.exitCode = report.exitCode;
    const text = this.json ? renderJson(report, 0).trimEnd() : redact(textOf(result, this.terminal.out));
    if (text !== '') process.stdout.write(`${text}\n`);
  }

  /** The result did not reach whoever reads it: that is no success. A reader that closed its pipe needs no telling. */
  loseOutput(error: NodeJS.ErrnoException): void {
    if (this.#lost) return;
    this.#lost = true;
    if (!process.exitCode) process.exitCode = EXIT.problem;
    if (error.code !== 'EPIPE') this.say(`\nThe result could not be written: ${error.message}.`);
  }

  /** Says what is going on, on stderr. */
  say(text: string): void {
    process.stderr.write(`${redact(text)}\n`);
  }

  /** The second Ctrl-C: tells at once, without waiting for anything, and ends the process. */
  abandon(error: CachaoError): never {
    if (!this.#told && this.json)
      writeSync(1, renderJson(reportOf(this.command, { outcome: 'interrupted', error }, this.scope)));
    process.exit(EXIT.interrupted);
  }
}

/**
 * `--json`, or `--format json`, before any `--`, or their variables. Read before the flags are parsed, so that a
 * mistyped flag is told in JSON too.
 */
function wantsJson(argv: readonly string[], environment: NodeJS.ProcessEnv): boolean {
  const end = argv.indexOf('--');
  const flags = end === -1 ? argv : argv.slice(0, end);
  if (flags.includes('--json')) return true;
  if (ON.includes((environment.CACHAO_JSON ?? '').toLowerCase())) return true;
  const format = flags.findLastIndex((flag) => flag === '--format' || flag.startsWith('--format='));
  if (format === -1) return environment.CACHAO_FORMAT === 'json';
  return flags[format] === '--format=json' || (flags[format] === '--format' && flags[format + 1] === 'json');
}

const ON = ['1', 'true', 'yes', 'y', 'on'];

function textOf(result: CommandResult, canvas: Canvas): string {
  return (result.text?.(canvas) ?? '').replace(/\n+$/, '');
}

let current: Invocation | undefined;

/** The invocation of this process. */
export function invocation(): Invocation {
  current ??= new Invocation(process.argv.slice(2));
  return current;
}
