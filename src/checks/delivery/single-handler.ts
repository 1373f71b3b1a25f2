import { fail, pass } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { PATH_ACTIONS } from '../../world/payment-path.js';
import type { PathCheck } from '../types.js';
import { foreignHandlers } from './foreign-handlers.js';

export const singleHandler: PathCheck = {
  ...requirement('delivery.single-handler'),
  needs: ['account.stripe-key', 'account.mode', 'account.aws-region'],
  iam: [
    ...PATH_ACTIONS,
    'events:ListTagsForResource',
    'events:TestEventPattern',
    'lambda:ListEventSourceMappings',
  ],
  stripe: ['webhook_read'],
  async inspect(world) {
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
