import type { Cancel, Clock } from './clock.js';

const LONGEST_TIMEOUT = 2 ** 31 - 1;

/**
 * Runs once `clock.now()` has reached `at`. Unlike `Clock.after` it is never hastened: for what callers measure
 * themselves (visibility timeouts, expiry dates), which must not pass faster than `now()` says.
 */
export function whenNowReaches(clock: Clock, at: number, run: () => void): Cancel {
  let over = false;
  let wall: NodeJS.Timeout | undefined;
  const remaining = Math.max(0, at - clock.now());
  const check = () => {
    if (over) return;
    if (clock.now() < at) {
      wall = arm();
      return;
    }
    cancel();
    run();
  };
  const arm = () => {
    clearTimeout(wall);
    return setTimeout(check, Math.min(Math.max(1, at - clock.now()), LONGEST_TIMEOUT)).unref();
  };
  // The clock's own timer is what `advance` fires; where time is hastened it fires early and is ignored.
  const forget = clock.after(remaining, check);
  const cancel = () => {
    over = true;
    clearTimeout(wall);
    forget();
  };
  wall = arm();
  return cancel;
}
