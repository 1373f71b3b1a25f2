/** From `since` (included) to `until` (excluded), in seconds since the epoch. */
export interface TimeWindow {
  since?: number;
  until?: number;
}

/** One page of a list, newest first; `next` is the cursor of the one after it. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

export function pageOf<T extends { id: string }>(page: { data: T[]; has_more: boolean }): Page<T> {
  return { items: page.data, next: page.has_more ? (page.data.at(-1)?.id ?? null) : null };
}

/** The window as Stripe's lists take it. */
export function createdIn({ since, until }: TimeWindow): { created?: { gte?: number; lt?: number } } {
  if (since === undefined && until === undefined) return {};
  return {
    created: {
      ...(since === undefined ? {} : { gte: since }),
      ...(until === undefined ? {} : { lt: until }),
    },
  };
}
