import { IN_FLIGHT_MS } from './classify.js';
import type { Comparison } from './types.js';

/** What is not in the ledger, and too young to be called missing. */
export interface InFlight {
  events: number;
  /** What was paid with them, in the currency's minor unit: in no order yet, and in no books. */
  amountMinor: number;
  /** ISO 8601: by then the youngest has come, or is missing. */
  lookAgainAt: string;
}

/** Null when nothing is in flight. */
export function inFlightOf({ events }: Pick<Comparison, 'events'>): InFlight | null {
  const { count, amountMinor, samples } = events['in-flight'];
  if (count === 0) return null;
  const youngest = Math.max(...samples.map(({ createdAt }) => Date.parse(createdAt)));
  return {
    events: count,
    amountMinor,
    lookAgainAt: new Date(youngest + IN_FLIGHT_MS).toISOString(),
  };
}
