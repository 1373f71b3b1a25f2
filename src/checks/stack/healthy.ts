import type { Stack } from '../../aws/cloudformation.js';
import { type Evidence, fail, pass, type Remedy, type Verdict, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { rootCause } from '../../stack/failure.js';
import { DEPLOY_ACTIONS } from '../../stack/permissions.js';
import { conditionOf, isSuccess } from '../../stack/status.js';
import { DESTINATION_READS } from '../../world/destination.js';
import type { World } from '../../world/world.js';
import type { PathCheck } from '../types.js';
import { deployFix, stackPlan } from './deploy.js';

const ROLLED_BACK = 'UPDATE_ROLLBACK_COMPLETE';

const THEIRS: Remedy = { text: 'Deploy it the way it always was.', commands: [], fixable: false };

export const stackHealthy: PathCheck = {
  ...requirement('stack.healthy'),
  otherwise: 'the last deployment was rolled back, and what was there before runs on',
  needs: ['account.aws-region'],
  fixNeeds: ['delivery.single-handler', 'eventbridge.bus', 'secret.database', 'account.concurrency'],
  iam: [
    ...DESTINATION_READS.iam,
    'cloudformation:DescribeStacks',
    'cloudformation:DescribeStackEvents',
    'cloudformation:GetTemplate',
    'lambda:GetAccountSettings',
    'lambda:GetFunction',
  ],
  stripe: DESTINATION_READS.stripe,
  fixIam: DEPLOY_ACTIONS,
  async inspect(world) {
    const { name, managed } = world.settings.stack;
    const stack = await world.cloudformation.stack(name);
    const condition = conditionOf(stack?.status);
    if (!stack || condition === 'absent')
      return fail(`${name} is not deployed`, {
        expected: 'a deployed stack',
        actual: stack?.status ?? 'no stack',
        remedy: managed ? { text: 'Deploy it.', commands: ['cachao setup'], fixable: true } : THEIRS,
      });
    const evidence = [{ label: 'stack', value: name, url: world.links.stack(stack.id) }];
    if (isSuccess(stack.status)) return pass(`${name} is ${stack.status}`, { evidence });
    if (stack.status === ROLLED_BACK && !managed)
      return pass(`the last deployment of ${name} was rolled back; what was there before runs on`, {
        evidence,
      });
    if (stack.status === ROLLED_BACK) return rolledBack(world, stack, evidence);
    return fail(`${name} is ${stack.status}${await because(world, stack)}`, {
      expected: 'a deployed stack',
      actual: stack.status,
      evidence,
      remedy: managed
        ? {
            text:
              condition === 'unusable'
                ? 'It can only be deleted and created again; setup does so when you agree.'
                : 'Put right what made it fail, then deploy it.',
            commands: ['cachao setup'],
            fixable: true,
          }
        : THEIRS,
    });
  },
  ...deployFix(
    'stack.healthy',
    (plan) => plan.condition !== 'ready' || (plan.status === ROLLED_BACK && !plan.upToDate),
  ),
};

/** What ran before runs on. That is no trouble once it is also what is wanted. */
async function rolledBack(world: World, stack: Stack, evidence: Evidence[]): Promise<Verdict> {
  const plan = await stackPlan(world, 'stack.healthy');
  if (plan.upToDate)
    return pass(`${stack.name} was rolled back, to what this checkout and these settings say`, { evidence });
  return warn(`the last deployment of ${stack.name} was rolled back${await because(world, stack)}`, {
    expected: 'a deployment that succeeded',
    actual: stack.status,
    evidence,
    remedy: {
      text: 'What was there before runs on. Put right what made it fail, then deploy again.',
      commands: ['cachao setup'],
      fixable: true,
    },
  });
}

/** The first failure that is nobody else's consequence. */
async function because(world: World, stack: Stack): Promise<string> {
  const events = await world.cloudformation.events(stack.id);
  const token = events.find((event) => event.status.endsWith('_FAILED'))?.token;
  const cause = rootCause(
    events.filter((event) => event.token === token),
    stack.id,
  );
  if (cause) return `: ${cause.logicalId} (${cause.resourceType}): ${cause.reason}`;
  return stack.statusReason ? `: ${stack.statusReason}` : '';
}
