import { pass, skipped, unhealthy } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { DEPLOY_ACTIONS } from '../../stack/permissions.js';
import { DESTINATION_READS } from '../../world/destination.js';
import type { PathCheck } from '../types.js';
import { deployFix, stackPlan } from './deploy.js';

export const stackCurrent: PathCheck = {
  ...requirement('stack.current'),
  needs: ['stack.healthy', 'stripe.destination'],
  fixNeeds: ['delivery.single-handler', 'eventbridge.bus', 'secret.database', 'account.concurrency'],
  iam: [
    ...DESTINATION_READS.iam,
    'cloudformation:DescribeStacks',
    'cloudformation:GetTemplate',
    'lambda:GetAccountSettings',
    'lambda:GetFunction',
  ],
  stripe: DESTINATION_READS.stripe,
  fixIam: DEPLOY_ACTIONS,
  async inspect(world) {
    const { name, managed } = world.settings.stack;
    if (!managed) return skipped(`${name} is unmanaged: cachao does not deploy it`);
    const plan = await stackPlan(world, 'stack.current');
    if (plan.upToDate) return pass(`${name} is current`);
    const details = plan.changes.flatMap((change) => change.details);
    return unhealthy(
      'warn',
      `${details.length} difference${details.length === 1 ? '' : 's'} between the deployed stack and this checkout`,
      {
        expected: 'no difference',
        actual: details.slice(0, 5).join('; ') + (details.length > 5 ? '; …' : ''),
        remedy: { text: 'Deploy the stack again.', commands: ['cachao setup'], fixable: true },
      },
    );
  },
  ...deployFix('stack.current', (plan) => plan.condition === 'ready'),
};
