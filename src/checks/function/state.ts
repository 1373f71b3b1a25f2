import { fail, pass, skipped, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { paymentPath } from '../../world/payment-path.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import { RESTORE_ACTIONS, restoreFix } from '../stack/restore.js';
import { templateRemedy } from '../template-remedy.js';
import type { PathCheck } from '../types.js';
import {
  type DeployedFunction,
  deployedFunctions,
  FUNCTION_ACTIONS,
  FUNCTIONS,
  functionEvidence,
} from './path-functions.js';

export const state: PathCheck = {
  ...requirement('function.state'),
  otherwise: 'a function is being updated, or wakes up',
  needs: ['account.aws-region'],
  iam: FUNCTION_ACTIONS,
  fixIam: RESTORE_ACTIONS,
  async inspect(world) {
    const path = await paymentPath(world);
    if (!path) return NOT_DEPLOYED;
    if (path.functions.length === 0) return skipped("no function of the stack gets Stripe's events");
    const found = await deployedFunctions(world);
    const gone = path.functions.filter((one) => !found.some(({ name }) => name === one.name));
    const evidence = functionEvidence(world, path.functions);
    const problems = [
      ...gone.map(({ name }) => `${name} does not exist`),
      ...found.map(problemOf).filter((problem) => problem !== undefined),
    ];
    if (problems.length > 0)
      return fail(problems.join('; '), {
        expected: 'Active, last update Successful',
        actual: problems.join('; '),
        evidence,
        remedy: templateRemedy(
          world,
          'Put the function back as the template says.',
          'Deploy the stack again; the reason says what prevents it.',
        ),
      });
    const busy = found.filter(isBusy);
    if (busy.length > 0)
      return warn(`${busy.map(({ name }) => name).join(', ')} is being updated, or wakes up`, { evidence });
    return pass(`${found.map(({ name }) => name).join(', ')}: Active`, { evidence });
  },
  ...restoreFix('function.state', FUNCTIONS),
};

function problemOf({ name, deployed }: DeployedFunction): string | undefined {
  if (deployed.state === 'Failed') return `${name} is Failed${because(deployed.stateReason)}`;
  if (deployed.lastUpdateStatus === 'Failed')
    return `the last update of ${name} failed${because(deployed.lastUpdateReason)}`;
  return undefined;
}

const because = (reason: string | null) => (reason ? `: ${reason}` : '');

/** Inactive is what an idle function inside a VPC becomes; the first call wakes it. */
const isBusy = ({ deployed }: DeployedFunction) =>
  deployed.state !== 'Active' || deployed.lastUpdateStatus === 'InProgress';
