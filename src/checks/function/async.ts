import { pass, skipped, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { RESTORE_ACTIONS, restoreFix } from '../stack/restore.js';
import { templateRemedy } from '../template-remedy.js';
import type { PathCheck } from '../types.js';
import { deployedFunctions, FUNCTION_ACTIONS, functionEvidence } from './path-functions.js';

export const asyncRetries: PathCheck = {
  ...requirement('function.async'),
  needs: ['function.state'],
  iam: [...FUNCTION_ACTIONS, 'lambda:GetFunctionEventInvokeConfig'],
  fixIam: RESTORE_ACTIONS,
  async inspect(world) {
    const functions = await deployedFunctions(world, 'event');
    if (functions.length === 0) return skipped('no handler takes events');
    const evidence = functionEvidence(world, functions);
    const configs = await Promise.all(
      functions.map(async ({ name, qualifier }) => ({
        name,
        config: await world.lambda.eventInvokeConfig(name, qualifier),
      })),
    );
    const silent = configs.filter(
      ({ config }) => config?.maximumRetryAttempts == null || config.maximumEventAgeSeconds == null,
    );
    if (silent.length === 0)
      return pass(
        configs
          .map(
            ({ config }) =>
              `${config?.maximumRetryAttempts} retries within ${(config?.maximumEventAgeSeconds ?? 0) / 3600} h`,
          )
          .join('; '),
        { evidence },
      );
    return warn(`${silent.map(({ name }) => name).join(', ')} is retried by Lambda's defaults`, {
      expected: 'MaximumRetryAttempts and MaximumEventAgeInSeconds',
      actual: 'no asynchronous configuration, or half of one',
      evidence,
      remedy: templateRemedy(
        world,
        'Put back the asynchronous configuration of the template.',
        'Declare an AWS::Lambda::EventInvokeConfig (in SAM: EventInvokeConfig) with MaximumRetryAttempts: 2 and MaximumEventAgeInSeconds: 21600.',
      ),
    });
  },
  ...restoreFix('function.async', ['StripeEventInvokeConfig']),
};
