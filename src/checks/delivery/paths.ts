import { type Evidence, fail, pass, skipped, type Verdict, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { recentComparison } from '../../world/comparison/compare.js';
import type { PathTally } from '../../world/comparison/types.js';
import type { PathCheck } from '../types.js';
import {
  counted,
  DELIVERY_IAM,
  DELIVERY_NEEDS,
  DELIVERY_STRIPE,
  DELIVERY_TIMEOUT_MS,
  NO_LEDGER,
  windowOf,
} from './compared.js';

export const deliveryPaths: PathCheck = {
  ...requirement('delivery.paths'),
  otherwise: 'a path missed events and delivers again, and the ledger has all of them',
  needs: DELIVERY_NEEDS,
  iam: DELIVERY_IAM,
  stripe: DELIVERY_STRIPE,
  operational: true,
  timeoutMs: DELIVERY_TIMEOUT_MS,
  async inspect(world) {
    if (!world.settings.stack.managed) return skipped(NO_LEDGER);
    const comparison = await recentComparison(world);
    return verdictOf(comparison.paths, windowOf(comparison));
  },
};

function verdictOf(paths: PathTally[], window: string): Verdict {
  const down = paths.filter(
    (path) =>
      path.state === 'dead' || path.state === 'broken' || (path.state === 'recovered' && path.lost > 0),
  );
  const back = paths.filter((path) => path.state === 'recovered' && path.lost === 0);
  if (down.length > 0) return deadVerdict(paths, down, window);
  if (back.length > 0)
    return warn(`over: ${back.map(described).join('; ')}; all of them are in the ledger all the same`, {
      expected: 'every event by every path',
      evidence: paths.map(evidenceOf),
    });
  if (paths.every((path) => path.state === 'idle'))
    return pass(`no event that a path should have delivered in ${window}`);
  return pass(paths.map((path) => `${path.via} ${path.delivered} of ${path.expected}`).join(', '));
}

function deadVerdict(paths: PathTally[], down: PathTally[], window: string): Verdict {
  return fail(down.map(described).join('; '), {
    expected: `every event of ${window} by ${paths.map((path) => path.via).join(' and by ')}`,
    actual: paths.map((path) => `${path.via} ${path.delivered} of ${path.expected}`).join(', '),
    evidence: paths.map(evidenceOf),
    remedy: {
      text: down.some(({ state }) => state !== 'recovered')
        ? 'The checks of its parts say what is wrong with it. When they pass, a test checkout proves that the path delivers, and this finding goes away.'
        : 'The path delivers again; what it missed is in no ledger yet. Deliver it from Stripe.',
      commands: down.some(({ state }) => state !== 'recovered')
        ? ['cachao checkout']
        : ['cachao reconcile --apply'],
      fixable: false,
    },
  });
}

function described(path: PathTally): string {
  const missed = path.expected - path.delivered;
  switch (path.state) {
    case 'dead':
      return `${path.via} delivered none of ${counted(path.expected, 'event')}, the last of them at ${path.lastMissedAt}`;
    case 'broken':
      return `${path.via} has delivered nothing since ${path.lastDeliveredAt}: ${counted(missed, 'event')} missed, the last at ${path.lastMissedAt}`;
    default:
      return `${path.via} missed ${counted(missed, 'event')} between ${path.firstMissedAt} and ${path.lastMissedAt}, and delivers again`;
  }
}

function evidenceOf(path: PathTally): Evidence {
  const last = path.lastDeliveredAt ? `, the last at ${path.lastDeliveredAt}` : '';
  return { label: path.via, value: `${path.delivered} of ${path.expected} delivered${last}` };
}
