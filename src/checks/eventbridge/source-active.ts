import { fail, pass } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { DESTINATION_READS, ourDestination } from '../../world/destination.js';
import type { PathCheck } from '../types.js';

export const sourceActive: PathCheck = {
  ...requirement('eventbridge.source-active'),
  needs: ['eventbridge.bus'],
  iam: [...DESTINATION_READS.iam, 'events:DescribeEventSource'],
  stripe: DESTINATION_READS.stripe,
  fixIam: ['events:DescribeEventBus', 'events:ActivateEventSource'],
  async inspect(world) {
    const destination = await ourDestination(world);
    const found = destination && (await world.eventbridge.describeEventSource(destination.sourceName));
    if (!found) return fail('the source is gone');
    if (found.state === 'ACTIVE') return pass('ACTIVE');
    const expiry = found.expiresAt ? `; it expires at ${found.expiresAt}` : '';
    return fail(`the source is ${found.state}${expiry}`, {
      expected: 'ACTIVE',
      actual: found.state,
      evidence: [{ label: 'source', value: found.name, url: world.links.eventSources() }],
      remedy:
        found.state === 'DELETED'
          ? {
              text: 'Stripe deleted it: delete its event bus and the destination, then run setup, which makes new ones.',
              commands: ['cachao setup'],
              fixable: false,
            }
          : { text: 'Activate it.', commands: ['cachao setup'], fixable: true },
    });
  },
  fixLeaves: 'a source that Stripe deleted',
  async fix(world) {
    const destination = await ourDestination(world);
    const found = destination && (await world.eventbridge.describeEventSource(destination.sourceName));
    if (found?.state !== 'PENDING') return [];
    const bus = await world.eventbridge.describeEventBus(found.name);
    // Without its bus the source is pending too; creating the bus is another check's fix.
    if (!bus) return [];
    return [
      {
        check: 'eventbridge.source-active',
        action: 'update',
        resource: 'partner event source',
        name: found.name,
        details: ['state: PENDING -> ACTIVE'],
        apply: (bench) => bench.eventbridge.activateEventSource(found.name),
      },
    ];
  },
};
