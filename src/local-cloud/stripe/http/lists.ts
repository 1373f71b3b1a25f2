import { noSuch } from './errors.js';
import { integer, optional, text } from './shapes.js';

/** Parameters that every v1 list takes. */
export const listParameters = {
  limit: optional(integer({ least: 1, most: 100 })),
  starting_after: optional(text()),
  ending_before: optional(text()),
};

interface Page {
  limit: number | undefined;
  starting_after: string | undefined;
  ending_before: string | undefined;
}

interface Listed {
  id: string;
}

/**
 * One page of a v1 list. `items` are newest first and unfiltered, so that a cursor may stand outside the filter;
 * `ending_before` gives the page that ends just before (is newer than) the cursor, still newest first.
 */
export function listPage<T extends Listed>(
  items: T[],
  page: Page,
  url: string,
  what: string,
  matches: (item: T) => boolean,
): { object: 'list'; data: T[]; has_more: boolean; url: string } {
  const limit = page.limit ?? 10;
  if (page.ending_before !== undefined && page.starting_after === undefined) {
    const newer = items.slice(0, position(items, page.ending_before, what, 'ending_before')).filter(matches);
    return { object: 'list', data: newer.slice(-limit), has_more: newer.length > limit, url };
  }
  const from =
    page.starting_after === undefined ? 0 : position(items, page.starting_after, what, 'starting_after') + 1;
  const rest = items.slice(from).filter(matches);
  return { object: 'list', data: rest.slice(0, limit), has_more: rest.length > limit, url };
}

function position(items: Listed[], id: string, what: string, param: string): number {
  const index = items.findIndex((item) => item.id === id);
  if (index < 0) throw noSuch(what, id, param);
  return index;
}
