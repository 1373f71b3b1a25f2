import { fail, pass, skipped, type Verdict } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { recentComparison } from '../../world/comparison/compare.js';
import { inFlightOf } from '../../world/comparison/in-flight.js';
import type { Comparison } from '../../world/comparison/types.js';
import type { World } from '../../world/world.js';
import { minuteOf } from '../lately.js';
import type { PathCheck } from '../types.js';
import {
  counted,
  DELIVERY_IAM,
  DELIVERY_NEEDS,
  DELIVERY_STRIPE,
  DELIVERY_TIMEOUT_MS,
  eventEvidence,
  inFlightWords,
  money,
  NO_LEDGER,
  reconcileCommand,
  windowOf,
} from './compared.js';

export const deliveryComplete: PathCheck = {
  ...requirement('delivery.complete'),
  needs: DELIVERY_NEEDS,
  iam: DELIVERY_IAM,
  stripe: DELIVERY_STRIPE,
  operational: true,
  timeoutMs: DELIVERY_TIMEOUT_MS,
  async inspect(world) {
    if (!world.settings.stack.managed) return skipped(NO_LEDGER);
    return verdictOf(world, await recentComparison(world));
  },
};

function verdictOf(world: World, comparison: Comparison): Verdict {
  const { events, currency } = comparison;
  const lost = events.missing;
  const unnamed = events['unknown-order'];
  const foreign = events['livemode-mismatch'];
  const bad = lost.count + unnamed.count + foreign.count;
  if (bad === 0) return pass(healthy(comparison));
  const parts = [
    lost.count > 0
      ? `${counted(lost.count, 'event')} of ${windowOf(comparison)} ${lost.count === 1 ? 'is' : 'are'} not in the ledger${lost.amountMinor > 0 ? `: payments of ${money(lost.amountMinor, currency)}` : ''}`
      : '',
    unnamed.count > 0
      ? `${counted(unnamed.count, 'event')} ${unnamed.count === 1 ? 'names' : 'name'} no order that exists`
      : '',
    foreign.count > 0 ? `${counted(foreign.count, 'event')} of the other mode` : '',
  ].filter(Boolean);
  return fail(parts.join('; '), {
    expected: 'every event older than ten minutes in the ledger',
    actual: `${bad} of ${total(comparison)} ${bad === 1 ? 'is' : 'are'} not`,
    evidence: eventEvidence(world, [...lost.samples, ...unnamed.samples, ...foreign.samples]),
    remedy:
      lost.count > 0
        ? {
            text: 'Repair what fails above first; then deliver what was missed. It is safe to run twice.',
            commands: [reconcileCommand(world, ' --apply')],
            fixable: false,
          }
        : {
            text: 'Look at these payments on Stripe: no order will be paid by them.',
            commands: [reconcileCommand(world)],
            fixable: false,
          },
  });
}

function healthy(comparison: Comparison): string {
  const { events, currency } = comparison;
  const inFlight = inFlightOf(comparison);
  const flying = inFlight?.events ?? 0;
  const before = events['before-recording'].count;
  const rest = [
    inFlight
      ? `${inFlightWords(inFlight, currency)}, check again after ${minuteOf(Date.parse(inFlight.lookAgainAt))}`
      : '',
    before > 0 ? `${before} from before recording began` : '',
  ].filter(Boolean);
  const all = total(comparison);
  if (all === 0) return `Stripe made no handled event in ${windowOf(comparison)}`;
  return `${all - flying - before} of ${counted(all, 'event')} of ${windowOf(comparison)}${rest.length > 0 ? ` (besides ${rest.join(', ')})` : ''}`;
}

/** Of Stripe's events. */
function total({ events }: Comparison): number {
  const { 'not-at-stripe': _, ...ofStripe } = events;
  return Object.values(ofStripe).reduce((sum, tally) => sum + tally.count, 0);
}
