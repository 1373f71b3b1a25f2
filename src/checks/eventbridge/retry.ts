import { pass, skipped, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { RESTORE_ACTIONS, restoreFix } from '../stack/restore.js';
import { templateRemedy } from '../template-remedy.js';
import type { PathCheck } from '../types.js';
import { deployedTargets, RULE_ACTIONS, ruleEvidence } from './deployed-rules.js';

export const retry: PathCheck = {
  ...requirement('eventbridge.retry'),
  needs: ['eventbridge.rule'],
  iam: RULE_ACTIONS,
  fixIam: RESTORE_ACTIONS,
  async inspect(world) {
    const targets = await deployedTargets(world);
    if (targets.length === 0) return skipped('the rule has no target');
    const evidence = ruleEvidence(
      world,
      targets.map(({ rule }) => rule),
    );
    const silent = targets.filter(
      ({ target: { retryPolicy } }) =>
        retryPolicy?.maximumRetryAttempts === undefined ||
        retryPolicy.maximumRetryAttempts === null ||
        retryPolicy.maximumEventAgeSeconds === null,
    );
    if (silent.length === 0)
      return pass(
        targets
          .map(
            ({ target: { retryPolicy } }) =>
              `${retryPolicy?.maximumRetryAttempts} attempts within ${(retryPolicy?.maximumEventAgeSeconds ?? 0) / 3600} h`,
          )
          .join('; '),
        { evidence },
      );
    return warn(`the target of ${silent.map(({ rule }) => rule.name).join(', ')} retries by AWS's defaults`, {
      expected: 'MaximumRetryAttempts and MaximumEventAgeInSeconds',
      actual: 'no retry policy, or half of one',
      evidence,
      remedy: templateRemedy(
        world,
        'Put back the retry policy of the template.',
        'Give the target a RetryPolicy with MaximumRetryAttempts: 185 and MaximumEventAgeInSeconds: 86400.',
      ),
    });
  },
  ...restoreFix('eventbridge.retry', ['StripeEventRule']),
};
