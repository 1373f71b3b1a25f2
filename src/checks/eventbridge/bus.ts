import { KNOWN_AFTER_APPLY } from '../../core/check.js';
import { fail, pass } from '../../core/finding.js';
import { ourDestination } from '../../world/destination.js';
import { awsTags } from '../../world/ownership.js';
import type { PathCheck } from '../types.js';

export const bus: PathCheck = {
  id: 'eventbridge.bus',
  title: "The partner event bus exists and bears the source's exact name",
  area: 'eventbridge',
  severity: 'fail',
  item: 11,
  needs: ['eventbridge.source'],
  iam: ['events:DescribeEventBus'],
  fixIam: ['events:CreateEventBus', 'events:TagResource'],
  why: 'Events of a source without its bus are dropped at once, without error and without any dead-letter queue; Stripe cannot send them again.',
  async inspect(world) {
    const destination = await ourDestination(world);
    if (!destination) return fail('there is no destination, so there is no bus');
    const found = await world.eventbridge.describeEventBus(destination.sourceName);
    if (found)
      return pass(found.name, {
        evidence: [{ label: 'event bus', value: found.name, url: world.links.eventBus(found.name) }],
      });
    return fail('the partner event source is not associated: its event bus does not exist', {
      expected: destination.sourceName,
      actual: 'no such bus',
      remedy: {
        text: 'Create the event bus with the name of the source.',
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
          check: 'eventbridge.bus',
          action: 'create',
          resource: 'event bus',
          name: destination?.sourceName ?? KNOWN_AFTER_APPLY,
          details: ['associates the partner event source: from now on events arrive'],
        },
      ];
    },
    async apply(bench) {
      const destination = await ourDestination(bench.world);
      if (!destination) return;
      const { settings } = bench.world;
      const description = `Stripe events of stage ${settings.stage} (cachao)`;
      await bench.eventbridge.createPartnerEventBus(destination.sourceName, description, awsTags(settings));
    },
  },
};
