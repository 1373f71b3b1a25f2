import { pass, skipped, warn } from '../../core/finding.js';
import { restored } from '../restored.js';
import { RESTORE_ACTIONS, restoreFix } from '../stack/restore.js';
import type { PathCheck } from '../types.js';
import { deployedTargets, RULE_ACTIONS, ruleEvidence } from './deployed-rules.js';

export const retry: PathCheck = {
  id: 'eventbridge.retry',
  title: "The target's retries are explicit: how often, and for how long",
  area: 'eventbridge',
  severity: 'warn',
  item: 3,
  needs: ['eventbridge.rule'],
  iam: RULE_ACTIONS,
  fixIam: RESTORE_ACTIONS,
  why: 'Retries that nobody chose are retries that nobody reckons with: how long a payment may wait should be a decision. EventBridge delivers 185 times within 24 hours unless told otherwise.',
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
      remedy: restored(
        world,
        'Put back the retry policy of the template.',
        'Give the target a RetryPolicy with MaximumRetryAttempts: 185 and MaximumEventAgeInSeconds: 86400.',
      ),
    });
  },
  ...restoreFix('eventbridge.retry', ['StripeEventRule']),
};
