import { fail, pass, warn } from '../../core/finding.js';
import { RUNTIME_ENDS } from '../../core/lambda-runtimes.js';
import { requirement } from '../../requirements/requirement.js';
import { RESTORE_ACTIONS, restoreFix } from '../stack/restore.js';
import { templateRemedy } from '../template-remedy.js';
import type { PathCheck } from '../types.js';
import { deployedFunctions, FUNCTION_ACTIONS, FUNCTIONS, functionEvidence } from './path-functions.js';

/** Time enough to plan the change. */
const SOON_DAYS = 90;

export const runtime: PathCheck = {
  ...requirement('function.runtime'),
  otherwise: 'AWS still patches the runtime, and stops soon',
  needs: ['function.state'],
  iam: FUNCTION_ACTIONS,
  fixIam: RESTORE_ACTIONS,
  async inspect(world) {
    const functions = await deployedFunctions(world);
    const today = new Date().toISOString().slice(0, 10);
    const soon = new Date(Date.now() + SOON_DAYS * 86_400_000).toISOString().slice(0, 10);
    const ending = functions.flatMap(({ name, deployed }) => {
      const end = RUNTIME_ENDS[deployed.runtime ?? ''];
      return end && end.deprecated <= soon ? [{ name, runtime: deployed.runtime, end }] : [];
    });
    const evidence = functionEvidence(world, functions);
    const runtimes = [
      ...new Set(functions.map(({ deployed }) => deployed.runtime ?? 'container image')),
    ].join(', ');
    if (ending.length === 0) return pass(runtimes, { evidence });
    const over = ending.some(({ end }) => end.deprecated <= today);
    const summary = ending
      .map(({ name, runtime: used, end }) =>
        end.deprecated <= today
          ? `${name} runs on ${used}, which AWS stopped patching on ${end.deprecated}`
          : `${name} runs on ${used}, which AWS patches until ${end.deprecated}`,
      )
      .join('; ');
    return (over ? fail : warn)(summary, {
      expected: 'a runtime that AWS patches',
      actual: ending
        .map(({ runtime: used, end }) => `${used} (no update after ${end.updateBlocked})`)
        .join(', '),
      evidence,
      remedy: templateRemedy(
        world,
        'Deploy the functions with the runtime of the template.',
        'Set a newer Runtime in the template, test the handler with it, and deploy.',
      ),
    });
  },
  ...restoreFix('function.runtime', FUNCTIONS),
};
