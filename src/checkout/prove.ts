import { CHECKS } from '../checks/registry.js';
import type { Progress } from '../core/check.js';
import { CannotLookError } from '../core/errors.js';
import type { Finding } from '../core/finding.js';
import { inspectAll } from '../core/inspect.js';
import type { Bench } from '../world/bench.js';
import { runCheckout } from './checkout.js';
import type { CheckoutOptions } from './pay.js';
import type { CheckoutResult } from './types.js';

/** What must hold before a checkout makes sense: the right key for the stage, and a deployed stack to ask. */
export const FIRST = ['account.aws-identity', 'account.stripe-key', 'account.mode'];

/** A checkout on its own: looks at what it rests on, then runs it. `result` is null when something failed before. */
export async function proveCheckout(
  bench: Bench,
  options: CheckoutOptions,
  progress: Progress,
): Promise<{ result: CheckoutResult | null; findings: Finding[] }> {
  const findings = await inspectAll(CHECKS.filter((check) => FIRST.includes(check.id)) as never, bench.world);
  const unknown = findings.find((finding) => finding.outcome === 'unknown');
  if (unknown)
    throw new CannotLookError({
      code: 'CHECKOUT_NOT_POSSIBLE',
      message: `${unknown.title}: ${unknown.summary}`,
      next: unknown.remedy ? [unknown.remedy.text] : [],
    });
  if (findings.some((finding) => finding.outcome === 'fail')) return { result: null, findings };
  return { result: await runCheckout(bench, options, progress), findings };
}
