const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Waits before each further attempt. A sandbox tries three times over a few hours; live mode backs off for three days. */
const SANDBOX = [30 * MINUTE, 2 * HOUR];
const LIVE = [
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  12 * HOUR,
  12 * HOUR,
  12 * HOUR,
  12 * HOUR,
];

/** Milliseconds until the attempt after `made` attempts; undefined when there is none. */
export function nextAttemptIn(made: number, livemode: boolean): number | undefined {
  return (livemode ? LIVE : SANDBOX)[made - 1];
}

/** Between an event and its first delivery. */
export const FIRST_ATTEMPT_MS = 500;
/** How long an overtaken delivery is held back. */
export const HELD_BACK_MS = 5 * MINUTE;
/** Between a delivery and its duplicate. */
export const DUPLICATE_MS = 10_000;
