import { fail, pass } from '../../core/finding.js';
import { DEPLOY_ACTIONS } from '../../stack/permissions.js';
import { conditionOf, isSuccess } from '../../stack/status.js';
import type { PathCheck } from '../types.js';
import { deployFix } from './deploy.js';

export const stackHealthy: PathCheck = {
  id: 'stack.healthy',
  title: 'The stack is deployed, and its last deployment succeeded',
  area: 'stack',
  severity: 'fail',
  needs: ['eventbridge.bus', 'secret.database', 'account.concurrency'],
  iam: ['cloudformation:DescribeStacks'],
  fixIam: DEPLOY_ACTIONS,
  why: 'A stack that failed half-way may have the rule without its handler, or the handler without its queues.',
  async inspect(world) {
    const { name } = world.settings.stack;
    const stack = await world.cloudformation.stack(name);
    const condition = conditionOf(stack?.status);
    if (stack && (isSuccess(stack.status) || stack.status === 'UPDATE_ROLLBACK_COMPLETE'))
      return pass(`${name} is ${stack.status}`, {
        evidence: [{ label: 'stack', value: name, url: world.links.stack(stack.id) }],
      });
    return fail(
      stack && condition !== 'absent'
        ? `${name} is ${stack.status}${stack.statusReason ? `: ${stack.statusReason}` : ''}`
        : `${name} is not deployed`,
      {
        expected: 'a deployed stack',
        actual: stack?.status ?? 'no stack',
        ...(stack ? { evidence: [{ label: 'stack', value: name, url: world.links.stack(stack.id) }] } : {}),
        remedy: {
          text:
            condition === 'unusable'
              ? 'It can only be deleted and created anew; setup does so when you agree.'
              : 'Deploy it.',
          commands: ['cachao setup'],
          fixable: true,
        },
      },
    );
  },
  fix: deployFix('stack.healthy', (plan) => plan.condition !== 'ready'),
};
