import { Flags } from '@oclif/core';

const UNITS = { m: 60_000, h: 3_600_000, d: 24 * 3_600_000, w: 7 * 24 * 3_600_000 };
const AGO = /^(\d+(?:\.\d+)?)\s*([mhdw])$/;
/** A day begins at midnight UTC; a time without a zone is this machine's. */
const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** A point in time as a flag: so long ago (`90m`, `24h`, `7d`), or a date (`2026-11-01`, `2026-11-01T08:00Z`). */
export const moment = Flags.custom<Date>({
  parse: async (text) => {
    const found = readMoment(text, new Date());
    if (found) return found;
    throw new Error(
      `Expected how long ago (90m, 24h, 7d) or a date (2026-11-01, 2026-11-01T08:00Z), not "${text}".`,
    );
  },
});

export function readMoment(text: string, now: Date): Date | undefined {
  const ago = AGO.exec(text.trim());
  if (ago) return new Date(now.getTime() - Number(ago[1]) * UNITS[ago[2] as keyof typeof UNITS]);
  if (!DATE.test(text.trim())) return undefined;
  const date = new Date(text.trim());
  return Number.isNaN(date.getTime()) ? undefined : date;
}
