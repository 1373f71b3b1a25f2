import { nameOf } from '../../aws/arn.js';
import { fail, pass, type Verdict } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { DESTINATION_READS } from '../../world/destination.js';
import { PATH_ACTIONS } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';
import type { PathCheck } from '../types.js';
import { foreignHandlers } from './foreign-handlers.js';
import { competingHandlers, type HandlerOfStack } from './handlers-of-stack.js';

export const singleHandler: PathCheck = {
  ...requirement('delivery.single-handler'),
  needs: ['account.stripe-key', 'account.mode', 'account.aws-region'],
  iam: [
    ...PATH_ACTIONS,
    'events:ListTagsForResource',
    'events:TestEventPattern',
    'lambda:ListEventSourceMappings',
  ],
  stripe: ['webhook_read', ...DESTINATION_READS.stripe],
  async inspect(world) {
    const competing = await competingHandlers(world);
    if (competing.length > 0) return twice(world, competing);
    const foreign = await foreignHandlers(world);
    const { acknowledgedHandlers } = world.settings;
    if (foreign.length === 0)
      return pass(
        acknowledgedHandlers.length > 0
          ? `only those that are acknowledged: ${acknowledgedHandlers.join(', ')}`
          : 'no other rule or endpoint sends handled types',
      );
    return fail(
      `${foreign.map((one) => one.handler).join(', ')} already ${foreign.length === 1 ? 'gets' : 'get'} the same events`,
      {
        expected: 'one handler for each payment',
        actual: `${foreign.length} other${foreign.length === 1 ? '' : 's'}`,
        evidence: foreign.map((one) => ({
          label: `${one.kind} ${one.via}`,
          value: `${one.handler} (${one.types.join(', ')})`,
        })),
        remedy: {
          text: 'Take the other handler out of service first. If both are meant to run, say so in acknowledgedHandlers or with --acknowledged-handlers.',
          commands: [`cachao setup --acknowledged-handlers '${foreign.map((one) => one.handler).join(',')}'`],
          fixable: false,
        },
      },
    );
  },
};

function twice(world: World, handlers: readonly HandlerOfStack[]): Verdict {
  const ways = [...new Set(handlers.map(({ via }) => via))];
  return fail(
    `the stack ${world.settings.stack.name} gets the same payment ${handlers.length} times: ${handlers.map(({ arn, via }) => `${nameOf(arn)} by ${via}`).join(', ')}`,
    {
      expected: 'one delivery of each payment, unless the handlers are known to be idempotent',
      actual: `${handlers.length} deliveries`,
      evidence: handlers.map(({ arn, via, types }) => ({
        label: via,
        value: `${arn} (${types.join(', ')})`,
      })),
      remedy: {
        text: `${ways.length > 1 ? 'Disable one of the two ways on Stripe: the destination or the endpoint' : 'Leave one rule with one function that settles orders'}. Where a function settles no orders, name it in acknowledgedHandlers. Where they take a payment twice without harm, say so: handlerIsIdempotent in the configuration, or --handler-is-idempotent.`,
        commands: [],
        fixable: false,
      },
    },
  );
}
