import { fail, pass, skipped, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { reservableConcurrency } from '../../world/concurrency.js';
import type { World } from '../../world/world.js';
import { RESTORE_ACTIONS, restoreFix } from '../stack/restore.js';
import { templateRemedy } from '../template-remedy.js';
import type { PathCheck } from '../types.js';
import {
  type DeployedFunction,
  deployedFunctions,
  FUNCTION_ACTIONS,
  functionEvidence,
} from './path-functions.js';

export const functionConcurrency: PathCheck = {
  ...requirement('function.concurrency'),
  otherwise: '0 executions are reserved, so that nothing runs',
  needs: ['function.state'],
  iam: [...FUNCTION_ACTIONS, 'lambda:GetAccountSettings'],
  fixIam: RESTORE_ACTIONS,
  async inspect(world) {
    const functions = await handlers(world);
    if (functions.length === 0) return skipped('no handler is deployed');
    const evidence = functionEvidence(world, functions);
    const remedy = templateRemedy(
      world,
      'Reserve what the settings ask for.',
      'Set ReservedConcurrentExecutions of the function in the template; at least 100 of the account must stay unreserved.',
    );
    const braked = functions.filter(({ deployed }) => deployed.reservedConcurrency === 0);
    if (braked.length > 0)
      return fail(`${namesOf(braked)} may not run: 0 executions are reserved`, {
        expected: 'more than 0',
        actual: '0',
        evidence,
        remedy,
      });
    const wanted = await wantedConcurrency(world);
    const wrong = functions.filter(({ deployed: { reservedConcurrency } }) =>
      wanted === 'any' ? reservedConcurrency === null : reservedConcurrency !== wanted,
    );
    const said = functions.map(({ deployed }) => deployed.reservedConcurrency ?? 'none').join(', ');
    if (wrong.length === 0) return pass(`reserved: ${said}`, { evidence });
    return warn(
      wrong
        .map(({ name, deployed }) => `${name} has ${deployed.reservedConcurrency ?? 'none'} reserved`)
        .join('; '),
      {
        expected: wanted === 'any' ? 'a reservation' : `${wanted ?? 'none'}`,
        actual: said,
        evidence,
        remedy,
      },
    );
  },
  ...restoreFix('function.concurrency', ['StripeEventFunction', 'StripeWebhookFunction']),
};

/** Of somebody else's, the one that takes the events: what else a webhook's function does is theirs. */
function handlers(world: World): Promise<DeployedFunction[]> {
  return world.settings.stack.managed
    ? deployedFunctions(world, 'event', 'webhook')
    : deployedFunctions(world, 'event');
}

async function wantedConcurrency(world: World): Promise<number | null | 'any'> {
  if (!world.settings.stack.managed) return 'any';
  return (await reservableConcurrency(world)).perFunction;
}

const namesOf = (functions: readonly DeployedFunction[]) => functions.map(({ name }) => name).join(', ');
