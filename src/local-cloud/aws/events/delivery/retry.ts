import type { DeliveryRecord } from '../records.js';

/** EventBridge's own limits where the target states none. */
const DEFAULT_ATTEMPTS = 185;
const DEFAULT_AGE_SECONDS = 86_400;
const LONGEST_WAIT = 15 * 60_000;

/** Exponential, with jitter: about 1 s, 2 s, 4 s … up to a quarter of an hour. */
export function backoff(retries: number): number {
  const ceiling = Math.min(LONGEST_WAIT, 1000 * 2 ** Math.min(retries, 20));
  return Math.round(ceiling / 2 + Math.random() * (ceiling / 2));
}

/** Which condition forbids another retry after `retries` of them; undefined when one may follow. */
export function exhausted(
  delivery: DeliveryRecord,
  retries: number,
  wait: number,
  now: number,
): 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' | undefined {
  const policy = delivery.target.RetryPolicy ?? {};
  if (retries >= (policy.MaximumRetryAttempts ?? DEFAULT_ATTEMPTS)) return 'MaximumRetryAttempts';
  // Where time is hastened the clock shows less than was waited.
  const age = Math.max(now - delivery.ingestedAt, delivery.waited) + wait;
  if (age > (policy.MaximumEventAgeInSeconds ?? DEFAULT_AGE_SECONDS) * 1000)
    return 'MaximumEventAgeInSeconds';
  return undefined;
}
