/** Values of condition keys during one request, by lower-cased key. */
export type Context = ReadonlyMap<string, string[]>;

const VARIABLE = /\$\{\s*([^},]+?)\s*(?:,\s*'([^']*)'\s*)?\}/g;

/**
 * Matches `*` and `?` over the whole value, after policy variables (`${aws:PrincipalAccount}`) were put in literally.
 * A variable without a value and without a default makes the pattern match nothing, as in IAM.
 */
export function matchesPattern(
  pattern: string,
  value: string,
  context: Context,
  ignoreCase = false,
): boolean {
  const expression = compile(pattern, context);
  return expression !== undefined && new RegExp(`^${expression}$`, ignoreCase ? 'is' : 's').test(value);
}

/** Compares without wildcards, policy variables resolved. */
export function equalsPattern(pattern: string, value: string, context: Context, ignoreCase = false): boolean {
  const resolved = resolveVariables(pattern, context);
  if (resolved === undefined) return false;
  return ignoreCase ? resolved.toLowerCase() === value.toLowerCase() : resolved === value;
}

/**
 * Compares ARNs part by part: a wildcard stays within its part, except in the last, which holds the rest.
 * Parts left out at the end of the pattern match anything.
 */
export function matchesArn(pattern: string, arn: string, context: Context): boolean {
  if (pattern === '*') return true;
  const wanted = arnParts(pattern);
  const given = arnParts(arn);
  if (given.length < 6) return matchesPattern(pattern, arn, context);
  return given.every((part, index) => matchesPattern(wanted[index] ?? '*', part, context));
}

/** Splits at the first five colons that are not within a `${variable}`. */
function arnParts(arn: string): string[] {
  const parts = [''];
  let inVariable = false;
  for (const [index, character] of [...arn].entries()) {
    if (character === '{' && arn[index - 1] === '$') inVariable = true;
    if (character === '}') inVariable = false;
    if (character === ':' && !inVariable && parts.length < 6) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

function compile(pattern: string, context: Context): string | undefined {
  let expression = '';
  let end = 0;
  for (const found of pattern.matchAll(VARIABLE)) {
    const value = variable(found, context);
    if (value === undefined) return undefined;
    expression += wildcards(pattern.slice(end, found.index)) + escapeExpression(value);
    end = found.index + found[0].length;
  }
  return expression + wildcards(pattern.slice(end));
}

export function resolveVariables(pattern: string, context: Context): string | undefined {
  let missing = false;
  const text = pattern.replaceAll(VARIABLE, (...found) => {
    const value = variable(found, context);
    if (value === undefined) missing = true;
    return value ?? '';
  });
  return missing ? undefined : text;
}

function variable(found: ArrayLike<unknown>, context: Context): string | undefined {
  const key = found[1] as string;
  // ${*}, ${?} and ${$} stand for the characters themselves.
  if (['*', '?', '$'].includes(key)) return key;
  const values = context.get(key.toLowerCase());
  return values?.length === 1 ? values[0] : (found[2] as string | undefined);
}

function wildcards(text: string): string {
  return escapeExpression(text).replaceAll('\\*', '.*').replaceAll('\\?', '.');
}

function escapeExpression(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
