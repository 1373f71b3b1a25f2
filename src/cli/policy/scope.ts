import type { Configuration } from '../../config/complete.js';
import { AnswersNeededError, CannotLookError } from '../../core/errors.js';
import { ACCOUNT_PLACEHOLDER, type PolicyScope, REGION_PLACEHOLDER, scopeOf } from '../../policy/scope.js';
import type { CliContext } from '../shared/context.js';
import { openStage } from '../shared/open-stage.js';

/** The stage that a policy is for, with the account where credentials tell it; else placeholders, and a note. */
export async function policyScope(
  context: CliContext,
): Promise<{ scope: PolicyScope; deployRole: string | null; notes: string[] }> {
  try {
    const { settings } = await context.configure({ stageMayBeNew: true });
    const account = await accountOf(context, settings);
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
  context: CliContext,
  settings: Configuration['settings'],
): Promise<string | undefined> {
  try {
    const { world } = await openStage(context, settings);
    return (await world.sts.callerIdentity()).account;
  } catch (error) {
    if (error instanceof CannotLookError) return undefined;
    throw error;
  }
}
