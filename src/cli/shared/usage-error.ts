import type { ErrorCode } from '../../core/error-codes/entries.js';
import { CachaoError } from '../../core/errors.js';
import { EXIT } from '../../core/exit-code.js';
import { nearest } from '../../core/nearest.js';

/** What the parser's errors have in common, as far as it is used here. */
interface ParserError extends Error {
  flags?: unknown;
  args?: unknown;
  parse?: unknown;
  oclif?: { exit?: number };
}

/**
 * Says what is wrong with a command line. Made anew from the parser's error, which carries every flag's value:
 * nothing of it but names and wrong words is kept. Undefined: the error is not the parser's.
 */
export function usageError(
  thrown: unknown,
  command: string,
  knownFlags: readonly string[],
): CachaoError | undefined {
  if (!(thrown instanceof Error) || thrown instanceof CachaoError) return undefined;
  const error = thrown as ParserError;
  if (isTexts(error.flags)) return unknownFlags(error.flags, command, knownFlags);
  if (isTexts(error.args)) return unexpected(error.args, command);
  if (error.parse === undefined && error.oclif === undefined && !/^Parsing --/.test(error.message))
    return undefined;
  if (Array.isArray(error.args)) return missing(error.args as MissingArgument[], command);
  const message = cleaned(error.message);
  return usage(/do not go together/.test(message) ? 'FLAG_CONFLICT' : 'FLAG_INVALID', message, command);
}

/** As the parser describes an argument. */
interface MissingArgument {
  name: string;
  description?: string;
}

function missing(args: readonly MissingArgument[], command: string): CachaoError {
  const names = args.map(({ name }) => name.toUpperCase()).join(' ');
  const what = args.map(({ description = '' }) => description).join(' ');
  return usage('ARGUMENT_MISSING', `cachao ${spaced(command)} needs ${names}. ${what}`.trim(), command);
}

function unknownFlags(flags: readonly string[], command: string, known: readonly string[]): CachaoError {
  // Only the name: what stands behind "=" may be a secret.
  const names = flags.map((flag) =>
    flag.startsWith('--') ? (flag.split('=')[0] ?? flag) : flag.slice(0, 2),
  );
  const guesses = names.map((name) => {
    const near = nearest(name.replace(/^-+/, ''), known);
    return near ? `${name} (did you mean --${near}?)` : name;
  });
  const plural = names.length === 1 ? 'There is no flag' : 'There are no flags';
  const secretive = names.some((name) => /key|secret|password|token/i.test(name));
  return usage('FLAG_UNKNOWN', `${plural} ${guesses.join(', ')}.`, command, secretive);
}

function unexpected(args: readonly string[], command: string): CachaoError {
  const words = args.map((arg) => `"${arg}"`).join(', ');
  return usage('ARGUMENT_UNEXPECTED', `cachao ${spaced(command)} does not take ${words}.`, command);
}

export function usage(code: ErrorCode, message: string, command: string, secretive = false): CachaoError {
  return new CachaoError({
    code,
    message,
    ...(secretive
      ? { why: 'Secrets are never taken from arguments: other processes and shell history see them.' }
      : {}),
    next: [
      ...(secretive
        ? ['Set STRIPE_API_KEY or CACHAO_DATABASE_PASSWORD in the environment, or let cachao ask.']
        : []),
      `See what there is: cachao ${command === '' ? '' : `${spaced(command)} `}--help`,
    ],
    exitCode: EXIT.usage,
  });
}

const spaced = (command: string): string => command.replaceAll(':', ' ');

/** The parser's message without its advice, colours and line breaks. */
function cleaned(message: string): string {
  return (
    message
      .replaceAll('See more help with --help', '')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
      .replace(/\u001b\[[0-9;]*m/g, '')
      .replace(/^Parsing (--\S+)\s+/, '$1: ')
      .replace(
        /(--[\w-]+)(?:=[^\n]*)? cannot also be provided when using (--[\w-]+)/g,
        '$2 and $1 do not go together: leave one out.',
      )
      .replace(
        /All of the following must be provided when using (--[\w-]+): ([^\n]*)/g,
        '$1 goes only with $2.',
      )
      .replace(/The following errors? occurred:\s*/, '')
      .replace(/\s*\n\s*/g, ' ')
      .trim()
  );
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
