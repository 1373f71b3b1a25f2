import type { PathCheck } from '../checks/types.js';
import { CachaoError } from '../core/errors.js';
import { EXIT } from '../core/exit-code.js';
import { nearest } from '../core/nearest.js';
import { END_TO_END } from './end-to-end.js';

/** What the user asked to have looked at. */
export interface Selection {
  /** Ids or areas; empty: everything. */
  only: readonly string[];
  skip: readonly string[];
  /** Also the checks that take long. */
  deep: boolean;
  /** Also the test checkout. */
  endToEnd: boolean;
  /** They are to be repaired: then what a repair rests on is looked at too. */
  fix?: boolean;
}

/** What is looked at. */
export interface Choice {
  /** In the registry's order: the chosen checks, and those they need. */
  checks: readonly PathCheck[];
  /** Ids of those that were meant; the others are looked at only because these need them. */
  chosen: ReadonlySet<string>;
}

/** How many names a mistyped one is answered with. */
const SUGGESTIONS = 5;

/** The checks that are meant, and those they need. Throws CHECK_UNKNOWN, NOTHING_TO_CHECK. */
export function choose(all: readonly PathCheck[], selection: Selection): Choice {
  const { only, skip } = selection;
  for (const name of [...only, ...skip]) requireKnown(name, all);
  const chosen = all
    .filter((check) => only.includes(check.id) || isMeantWith(check, selection))
    .filter((check) => !skip.includes(check.id) && !skip.includes(check.area));
  if (chosen.length === 0) throw nothingLeft(only, skip);
  const ids = new Set(chosen.map((check) => check.id));
  const needed = withNeeds(ids, all, { fixes: selection.fix === true });
  return { checks: all.filter((check) => needed.has(check.id)), chosen: ids };
}

/** Checks that take long, and the one that does something, are meant only when they are named or asked for. */
function isMeantWith(check: PathCheck, { only, deep, endToEnd }: Selection): boolean {
  if (check.deep && !deep) return false;
  if (check.id === END_TO_END && !endToEnd) return false;
  return only.length === 0 || only.includes(check.area);
}

/** The one check of that id. Throws CHECK_UNKNOWN. */
export function checkOf(id: string, all: readonly PathCheck[]): PathCheck {
  const found = all.find((check) => check.id === id);
  if (!found)
    throw unknownCheck(
      id,
      all.map((check) => check.id),
    );
  return found;
}

/** These and, in turn, all that they need; with `fixes`, also what has to hold before one of them is repaired. */
export function withNeeds(
  ids: ReadonlySet<string>,
  all: readonly PathCheck[],
  options: { fixes: boolean },
): Set<string> {
  const needed = new Set(ids);
  // A set may grow while it is walked.
  for (const id of needed) {
    const check = all.find((one) => one.id === id);
    for (const need of check?.needs ?? []) needed.add(need);
    if (options.fixes && check?.fix) for (const need of check.fixNeeds ?? []) needed.add(need);
  }
  return needed;
}

function requireKnown(name: string, all: readonly PathCheck[]): void {
  const names = [...new Set(all.flatMap((check) => [check.area, check.id]))];
  if (!names.includes(name)) throw unknownCheck(name, names);
}

function unknownCheck(name: string, names: readonly string[]): CachaoError {
  const near = suggestions(name, names);
  return new CachaoError({
    code: 'CHECK_UNKNOWN',
    message: `There is no check "${name}".${near.length > 0 ? ` Did you mean ${near.join(', ')}?` : ''}`,
    next: ['See them all: cachao doctor --list-checks'],
    exitCode: EXIT.usage,
  });
}

function suggestions(name: string, names: readonly string[]): string[] {
  const closest = nearest(name, names);
  const word = name.toLowerCase().split('.').at(-1) ?? name;
  const alike = word.length < 3 ? [] : names.filter((known) => known.includes(word));
  return [...new Set([...(closest === undefined ? [] : [closest]), ...alike])].slice(0, SUGGESTIONS);
}

function nothingLeft(only: readonly string[], skip: readonly string[]): CachaoError {
  return new CachaoError({
    code: 'NOTHING_TO_CHECK',
    message: `Nothing is left to check: ${[...only.map((name) => `--only ${name}`), ...skip.map((name) => `--skip ${name}`)].join(' ')}.`,
    next: ['Leave --skip out, or name other checks. Checks that take long by their area need --deep.'],
    exitCode: EXIT.usage,
  });
}
