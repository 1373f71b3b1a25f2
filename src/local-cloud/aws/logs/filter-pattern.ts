import { invalidParameter } from './errors.js';
import { jsonPattern } from './json-pattern.js';

/** Whether a message matches. */
export type Matches = (message: string) => boolean;

/**
 * CloudWatch Logs' filter patterns: `ERROR -DEBUG`, `?one ?other`, `"exact words"`, and `{ $.level = "error" }`.
 * Terms are case sensitive and all must be there; with `?` any one suffices. Throws InvalidParameterException.
 */
export function filterPattern(pattern: string): Matches {
  const text = pattern.trim();
  if (text === '') return () => true;
  if (text.startsWith('{')) return jsonPattern(text);
  if (text.startsWith('['))
    throw invalidParameter(`The local cloud does not support space-delimited filter patterns: ${pattern}`);
  if (text.startsWith('%')) return regularExpression(text);
  return terms(text);
}

function terms(text: string): Matches {
  const wanted: string[] = [];
  const unwanted: string[] = [];
  const optional: string[] = [];
  const term = /([-?]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?:\s+|$)/y;
  while (term.lastIndex < text.length) {
    const at = term.lastIndex;
    const match = term.exec(text);
    if (!match) throw invalidParameter(`Invalid filter pattern: ${text} (at character ${at + 1})`);
    const word = match[2] === undefined ? (match[3] as string) : match[2].replace(/\\(.)/g, '$1');
    // Unquoted terms hold word characters only; anything else must be quoted.
    if (match[2] === undefined && !/^[\w]+$/.test(word))
      throw invalidParameter(`Invalid filter pattern: the term ${word} has characters that must be quoted`);
    (match[1] === '-' ? unwanted : match[1] === '?' ? optional : wanted).push(word);
  }
  return (message) =>
    wanted.every((word) => message.includes(word)) &&
    !unwanted.some((word) => message.includes(word)) &&
    // AWS ignores optional terms next to required ones.
    (optional.length === 0 || wanted.length > 0 || optional.some((word) => message.includes(word)));
}

function regularExpression(text: string): Matches {
  const inside = /^%(.+)%$/.exec(text)?.[1];
  if (inside === undefined) throw invalidParameter(`Invalid filter pattern: ${text}`);
  try {
    const expression = new RegExp(inside);
    return (message) => expression.test(message);
  } catch {
    throw invalidParameter(`Invalid filter pattern: ${text} is not a regular expression`);
  }
}
