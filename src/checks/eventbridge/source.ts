import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from '../../core/check.js';
import { CachaoError } from '../../core/errors.js';
import { requirement } from '../../requirements/requirement.js';
import type { EventDestination } from '../../stripe/event-destinations.js';
import type { Bench } from '../../world/bench.js';
import { ourDestination } from '../../world/destination.js';
import { partnerCheck } from './partner-check.js';

/** Third parties report up to ten minutes until a source shows (FACTS-STRIPE §10a). */
const PATIENCE_MS = 12 * 60_000;
const FIRST_POLL_MS = 250;
const SLOWEST_POLL_MS = 5_000;

export const source = partnerCheck({
  ...requirement('eventbridge.source'),
  needs: ['stripe.destination-enabled', 'stripe.destination-payload'],
  iam: ['events:DescribeEventSource'],
  timeoutMs: 60_000,
  thing: 'partner event source',
  find: (world, name) => world.eventbridge.describeEventSource(name),
  healthy: (found) => `${found.name} (${found.state})`,
  missing: (world, name) => `${name} is not visible in ${world.settings.region}`,
  link: (world) => world.links.eventSources(),
  todo: 'A source appears some minutes after its destination; setup waits for it.',
  change: {
    action: 'wait',
    details: ['Stripe creates it; it usually shows within a minute, at times after ten'],
  },
  make: appears,
});

/** Waits until AWS shows the source. Stripe's list lags: what it shows may be deleted, and another in its place. */
async function appears(
  { world, signal }: Bench,
  { id, sourceName }: EventDestination,
  progress: Progress,
): Promise<void> {
  const until = Date.now() + (world.choices.sourcePatienceMs ?? PATIENCE_MS);
  progress.note(`waiting for ${sourceName}`);
  for (let pause = FIRST_POLL_MS; ; pause = Math.min(pause * 1.5, SLOWEST_POLL_MS)) {
    world.forget('eventbridge', 'stripe');
    const current = (await ourDestination(world))?.sourceName ?? sourceName;
    if (await world.eventbridge.describeEventSource(current)) return;
    if (Date.now() > until) throw neverAppeared(current, id, world.settings.region);
    await sleep(pause, undefined, { signal });
  }
}

function neverAppeared(sourceName: string, destinationId: string, region: string): CachaoError {
  return new CachaoError({
    code: 'SOURCE_NEVER_APPEARED',
    message: `The partner event source ${sourceName} did not appear in ${region}.`,
    why: `Stripe's destination ${destinationId} says that it delivers to this account and region, but AWS shows no such source.`,
    next: [
      'Look at the destination in the Stripe Dashboard: its account id and region must be yours.',
      'Run setup again: it goes on waiting from here and changes nothing that is done.',
    ],
  });
}
