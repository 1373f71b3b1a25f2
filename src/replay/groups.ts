import type { MessageEntry } from './types.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** By age: what is about to be lost must not hide among what came just now. */
const AGES: readonly [number, AgeGroup][] = [
  [HOUR_MS, 'under an hour'],
  [DAY_MS, 'under a day'],
  [7 * DAY_MS, 'under a week'],
];

export type AgeGroup = 'under an hour' | 'under a day' | 'under a week' | 'over a week' | 'unknown';

/** Messages of one queue that are there for the same reason, of one type and about one age. */
export interface MessageGroup {
  queue: string;
  purpose: MessageEntry['purpose'];
  reason: string;
  /** The first one's. */
  reasonText: string | null;
  eventType: string | null;
  age: AgeGroup;
  count: number;
  oldestSentAt: string | null;
  /** When the first of them is lost. */
  lostAt: string | null;
}

/** The most urgent first. */
export function groupEntries(entries: readonly MessageEntry[], now: number): MessageGroup[] {
  const groups = new Map<string, MessageGroup>();
  for (const entry of entries) {
    const { queue, purpose, reason, reasonText, eventType, sentAt, lostAt } = entry;
    const age = ageOf(sentAt, now);
    const text = entry.content === 'unreadable' ? reasonText : null;
    const key = JSON.stringify([queue, reason, text, eventType, age]);
    const known = groups.get(key);
    if (!known)
      groups.set(key, {
        queue,
        purpose,
        reason,
        reasonText,
        eventType,
        age,
        count: 1,
        oldestSentAt: sentAt,
        lostAt,
      });
    else {
      known.count += 1;
      if (earlier(sentAt, known.oldestSentAt)) Object.assign(known, { oldestSentAt: sentAt, lostAt });
    }
  }
  return [...groups.values()].sort((a, b) =>
    earlier(a.lostAt, b.lostAt) ? -1 : earlier(b.lostAt, a.lostAt) ? 1 : 0,
  );
}

function ageOf(sentAt: string | null, now: number): AgeGroup {
  if (sentAt === null) return 'unknown';
  const age = now - Date.parse(sentAt);
  return AGES.find(([limit]) => age < limit)?.[1] ?? 'over a week';
}

function earlier(a: string | null, b: string | null): boolean {
  return a !== null && (b === null || a < b);
}
