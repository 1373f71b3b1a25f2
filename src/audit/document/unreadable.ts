import type { ErrorCode } from '../../core/error-codes/entries.js';
import { CachaoError } from '../../core/errors.js';
import { EXIT } from '../../core/exit-code.js';
import type { Lines } from './lines.js';

export interface Unreadable {
  code: ErrorCode;
  what: string;
  why?: string;
  next: string;
}

/** The template cannot be read: says which, where and what to do. */
export function unreadable(file: string, { code, what, why, next }: Unreadable): CachaoError {
  return new CachaoError({
    code,
    message: `${file}: ${what}`,
    ...(why === undefined ? {} : { why }),
    next: [next],
    exitCode: EXIT.usage,
  });
}

/** The same, at a place in it. */
export function unreadableAt(file: string, lines: Lines, offset: number, details: Unreadable): CachaoError {
  const { line, column } = lines.position(offset);
  return unreadable(`${file}:${line}:${column}`, details);
}
