import { setTimeout as sleep } from 'node:timers/promises';
import { KNOWN_AFTER_APPLY } from '../../core/check.js';
import { CachaoError } from '../../core/errors.js';
import { fail, pass } from '../../core/finding.js';
import { ourDestination } from '../../world/destination.js';
import type { PathCheck } from '../types.js';

/** Third parties report up to ten minutes until a source shows (FACTS-STRIPE §10a). */
const PATIENCE_MS = 12 * 60_000;
const FIRST_POLL_MS = 250;
const SLOWEST_POLL_MS = 5_000;

export const source: PathCheck = {
  id: 'eventbridge.source',
  title: 'The partner event source is visible in this account and region',
  area: 'eventbridge',
  severity: 'fail',
  item: 11,
  needs: ['stripe.destination-enabled', 'stripe.destination-payload'],
  iam: ['events:DescribeEventSource'],
  why: 'Stripe hands its events to this source; until it is here there is nothing that a bus could be associated with.',
  timeoutMs: 60_000,
  async inspect(world) {
    const destination = await ourDestination(world);
    if (!destination) return fail('there is no destination, so there is no source');
    const found = await world.eventbridge.describeEventSource(destination.sourceName);
    if (found)
      return pass(`${found.name} (${found.state})`, {
        evidence: [{ label: 'source', value: found.name, url: world.links.eventSources() }],
      });
    return fail(`${destination.sourceName} is not visible in ${world.settings.region}`, {
      expected: destination.sourceName,
      actual: 'no such source',
      remedy: {
        text: 'A source appears some minutes after its destination; setup waits for it.',
        commands: ['cachao setup'],
        fixable: true,
      },
    });
  },
  fix: {
    async plan(world) {
      const destination = await ourDestination(world);
      return [
        {
          check: 'eventbridge.source',
          action: 'wait',
          resource: 'partner event source',
          name: destination?.sourceName ?? KNOWN_AFTER_APPLY,
          details: ['Stripe creates it; it usually shows within a minute, at times after ten'],
        },
      ];
    },
    async apply({ world, signal }, _changes, progress) {
      const destination = await ourDestination(world);
      if (!destination) return;
      const until = Date.now() + (world.choices.sourcePatienceMs ?? PATIENCE_MS);
      progress.note(`waiting for ${destination.sourceName}`);
      for (let pause = FIRST_POLL_MS; ; pause = Math.min(pause * 1.5, SLOWEST_POLL_MS)) {
        world.eventbridge.forget();
        if (await world.eventbridge.describeEventSource(destination.sourceName)) return;
        if (Date.now() > until)
          throw neverAppeared(destination.sourceName, destination.id, world.settings.region);
        await sleep(pause, undefined, { signal });
      }
    },
  },
};

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
