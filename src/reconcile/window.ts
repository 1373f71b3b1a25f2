import { CachaoError } from '../core/errors.js';
import { EXIT } from '../core/exit-code.js';
import type { ComparisonWindow } from '../world/comparison/types.js';

const DAY_MS = 24 * 3_600_000;
/** Stripe keeps events no longer. A minute less, so that the oldest is still there when its page is asked for. */
const LONGEST_MS = 30 * DAY_MS - 60_000;
/** Unless a window is named. */
const USUAL_MS = 7 * DAY_MS;

export interface AskedWindow {
  window: ComparisonWindow;
  /** What lies outside it although it was asked for; null: nothing. */
  beyond: string | null;
}

/** The window to compare: from `since` (a week ago unless given) until now, or `until`. @throws WINDOW_EMPTY */
export function windowFrom(since: Date | undefined, until: Date | undefined, now: Date): AskedWindow {
  const end = until !== undefined && until < now ? until : now;
  const asked = since ?? new Date(end.getTime() - USUAL_MS);
  const oldest = new Date(now.getTime() - LONGEST_MS);
  const start = asked < oldest ? oldest : asked;
  if (start >= end) throw empty(asked, end, oldest);
  return {
    window: { since: start, until: end },
    beyond:
      asked < oldest
        ? `What Stripe made before ${oldest.toISOString()}: it keeps events for 30 days, and no longer.`
        : null,
  };
}

function empty(since: Date, until: Date, oldest: Date): CachaoError {
  const tooOld = until <= oldest;
  return new CachaoError({
    code: 'WINDOW_EMPTY',
    message: `There is nothing to compare from ${since.toISOString()} to ${until.toISOString()}.`,
    why: tooOld ? 'Stripe keeps events for 30 days, and no longer.' : 'The window ends before it begins.',
    next: ['Give --since a time before --until, at most 30 days ago: --since 7d, --since 2026-11-01.'],
    exitCode: EXIT.usage,
  });
}
