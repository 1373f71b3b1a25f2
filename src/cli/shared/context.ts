import type { Configuration } from '../../config/complete.js';
import type { ProgressDisplay } from '../../terminal/progress.js';
import type { Prompts } from '../../terminal/prompts.js';
import type { Terminal } from '../../terminal/terminal.js';
import type { ConfigureOptions } from './configuration.js';
import type { CommandResult } from './result.js';

/** What every command has at hand: the package, the terminal, the settings. */
export interface CliContext {
  /** The package's directory: where its build and its template are. */
  root: string;
  version: string;
  terminal: Terminal;
  display: ProgressDisplay;
  prompts: Prompts;
  /** Aborted at the first Ctrl-C. */
  signal: AbortSignal;
  /** The settings of the stage, by the one chain. */
  configure(options?: ConfigureOptions): Promise<Configuration>;
  /** Prints a line for the person, on stderr. */
  say(text: string): void;
  /** Prints a result of a command that goes on running. */
  announce(result: CommandResult): void;
}
