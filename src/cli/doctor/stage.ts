import { runCheckout } from '../../checkout/checkout.js';
import type { CheckoutResult } from '../../checkout/types.js';
import { CHECKS } from '../../checks/registry.js';
import type { PathCheck } from '../../checks/types.js';
import type { Configuration } from '../../config/complete.js';
import type { Progress } from '../../core/check.js';
import { endToEnd } from '../../doctor/end-to-end.js';
import type { Bench, Consent } from '../../world/bench.js';
import { DEFAULT_CHOICES, type World } from '../../world/world.js';
import type { CliContext } from '../shared/context.js';
import { openStage } from '../shared/open-stage.js';

export interface InspectionOptions {
  windowMs: number | undefined;
  /** Whether what is found may be repaired. */
  repairs: boolean;
  /** Whether a function that never ran may be run by a probe. */
  wakes: boolean;
  checkoutTimeoutMs: number;
  /** The shop's tables are made there as setup makes them. */
  local: boolean;
  progress: Progress;
}

/** A stage, opened to be looked at. */
export interface OpenedStage {
  world: World;
  bench(consent: Consent): Bench;
  checks: readonly PathCheck[];
  /** The test checkout, once it has run. */
  checkout(): CheckoutResult | null;
  /** Until a test checkout that was cut short has taken away what it made. */
  ended(): Promise<void>;
}

/** A test checkout changes no set-up, so there is nothing to agree to. */
const NEVER: Consent = { changeSet: async () => false, recoverStack: async () => false };

/** Opens a stage for doctor, with its checks. */
export async function openInspection(
  context: CliContext,
  { settings }: Configuration,
  { windowMs, repairs, wakes, checkoutTimeoutMs, local, progress }: InspectionOptions,
): Promise<OpenedStage> {
  const { signal } = context;
  const { world, bench } = await openStage(context, settings, {
    createShopTables: local,
    windowMs: windowMs ?? DEFAULT_CHOICES.windowMs,
    repairs,
    wakes,
  });
  let result: CheckoutResult | null = null;
  let running: Promise<unknown> = Promise.resolve();
  const run = async (): Promise<CheckoutResult> => {
    const checkout = runCheckout(bench(NEVER, signal), { timeoutMs: checkoutTimeoutMs }, progress);
    running = checkout.catch(() => undefined);
    result = await checkout;
    return result;
  };
  return {
    world,
    bench: (consent) => bench(consent, signal),
    checks: [...CHECKS, endToEnd(run, checkoutTimeoutMs)],
    checkout: () => result,
    ended: async () => {
      await running;
    },
  };
}

/** Every check, to be described and chosen from without any world. */
export const DESCRIBED: readonly PathCheck[] = [
  ...CHECKS,
  endToEnd(() => Promise.reject(new Error('a described check is not run')), 0),
];
