import { Scope } from '../core/scope.js';
import { Canvas } from './canvas.js';

export interface Streams {
  stdin: { isTTY?: boolean };
  stdout: { isTTY?: boolean; columns?: number };
  stderr: { isTTY?: boolean; columns?: number };
}

/** What can be done with the three streams of this process. */
export interface Terminal {
  /** How to write on stdout: the result. */
  out: Canvas;
  /** How to write on stderr: everything else. */
  err: Canvas;
  /** Whether questions may be asked: stdin, stdout and stderr are terminals, and this is not CI. */
  interactive: boolean;
  /** Why no question may be asked, as half a sentence; undefined where it may. */
  silence: string | undefined;
  /** Whether lines on stderr may be redrawn in place. */
  live: boolean;
}

/**
 * Reads the capabilities. NO_COLOR, FORCE_COLOR (stronger than NO_COLOR, as in Node), TERM=dumb, CI, and a locale
 * without UTF-8 are respected; ACCESSIBLE asks for lines that are never redrawn, for screen readers.
 */
export function terminalOf(environment: NodeJS.ProcessEnv, streams: Streams, scope = Scope.NONE): Terminal {
  const dumb = environment.TERM === 'dumb';
  const continuous = isOn(environment.CI);
  const unicode = speaksUnicode(environment);
  const canvas = (stream: Streams['stdout']): Canvas =>
    new Canvas({
      colour: wantsColour(environment, stream.isTTY === true && !dumb),
      unicode,
      width: widthOf(environment, stream),
      scope,
    });
  const silence = silenceOf(environment, streams);
  return {
    out: canvas(streams.stdout),
    err: canvas(streams.stderr),
    interactive: silence === undefined,
    silence,
    live: streams.stderr.isTTY === true && !continuous && !dumb && !isOn(environment.ACCESSIBLE),
  };
}

function silenceOf(environment: NodeJS.ProcessEnv, { stdin, stdout, stderr }: Streams): string | undefined {
  if (!(stdin.isTTY && stdout.isTTY && stderr.isTTY)) return 'there is no terminal to ask on';
  if (isOn(environment.CI)) return `no questions are asked, because CI=${environment.CI} is set`;
  if (environment.TERM === 'dumb') return 'no questions are asked, because TERM=dumb is set';
  return undefined;
}

function wantsColour(environment: NodeJS.ProcessEnv, possible: boolean): boolean {
  if (environment.FORCE_COLOR !== undefined) return environment.FORCE_COLOR !== '0';
  if (environment.NO_COLOR) return false;
  return possible;
}

function widthOf(environment: NodeJS.ProcessEnv, stream: Streams['stdout']): number {
  const told = Number(environment.COLUMNS);
  const isTold = Number.isInteger(told) && told > 0;
  if (!stream.isTTY && !isTold) return Number.POSITIVE_INFINITY;
  // A pseudo-terminal that was given no size says 0.
  const columns = stream.columns || (isTold ? told : 80);
  return Math.min(Math.max(columns, 40), 120);
}

function speaksUnicode(environment: NodeJS.ProcessEnv): boolean {
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
  if (/utf-?8/i.test(locale)) return true;
  if (process.platform === 'win32') return Boolean(environment.WT_SESSION || environment.TERM_PROGRAM);
  // macOS terminals speak UTF-8 without saying so.
  return locale === '' && process.platform === 'darwin';
}

const isOn = (value: string | undefined): boolean =>
  value !== undefined && value !== '' && value !== '0' && value.toLowerCase() !== 'false';
