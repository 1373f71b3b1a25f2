import { requirement } from '../../requirements/requirement.js';
import { awsTags } from '../../world/ownership.js';
import { partnerCheck } from './partner-check.js';

export const bus = partnerCheck({
  ...requirement('eventbridge.bus'),
  needs: ['eventbridge.source'],
  iam: ['events:DescribeEventBus'],
  fixIam: ['events:CreateEventBus', 'events:TagResource'],
  thing: 'event bus',
  find: (world, name) => world.eventbridge.describeEventBus(name),
  healthy: (found) => found.name,
  missing: () => 'the partner event source is not associated: its event bus does not exist',
  link: (world, name) => world.links.eventBus(name),
  todo: 'Create the event bus with the name of the source.',
  change: {
    action: 'create',
    details: ['associates the partner event source: from now on events arrive'],
  },
  make: ({ eventbridge, world: { settings } }, { sourceName }) =>
    eventbridge.createPartnerEventBus(
      sourceName,
      `Stripe events of stage ${settings.stage} (cachao)`,
      awsTags(settings),
    ),
});
