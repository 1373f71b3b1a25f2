import type { Configuration } from '../../config/complete.js';
import { AnswersNeededError, CannotLookError } from '../../core/errors.js';
import { ACCOUNT_PLACEHOLDER, type PolicyScope, REGION_PLACEHOLDER, scopeOf } from '../../policy/scope.js';
import type { ConfigureOptions } from '../shared/configuration.js';
import { openKnownWorld } from '../shared/open-stage.js';

/** The stage that a policy is for, with the account where credentials tell it; else placeholders, and a note. */
export async function policyScope(
  configuration: (options: ConfigureOptions) => Promise<Configuration>,
  where: { root: string; version: string },
): Promise<{ scope: PolicyScope; deployRole: string | null; notes: string[] }> {
  try {
    const { settings } = await configuration({ stageMayBeNew: true });
    const account = await accountOf(settings, where);
    return {
      scope: scopeOf(settings, account),
      deployRole: settings.deployRole,
      notes: account ? [] : [`The AWS account is not known: replace ${ACCOUNT_PLACEHOLDER} with its number.`],
    };
  } catch (error) {
    // Only the region has no default.
    if (!(error instanceof AnswersNeededError)) throw error;
    const settings = {
      stage: 'dev',
      region: REGION_PLACEHOLDER,
      stack: { name: 'cachao-dev', managed: true },
    };
    return {
      scope: scopeOf(settings, undefined),
      deployRole: null,
      notes: [
        `Neither AWS account nor region are known: put them where ${ACCOUNT_PLACEHOLDER} and ${REGION_PLACEHOLDER} stand.`,
      ],
    };
  }
}

async function accountOf(
  settings: Configuration['settings'],
  where: { root: string; version: string },
): Promise<string | undefined> {
  try {
    const { world } = await openKnownWorld(settings, where);
    return (await world.sts.callerIdentity()).account;
  } catch (error) {
    if (error instanceof CannotLookError) return undefined;
    throw error;
  }
}
