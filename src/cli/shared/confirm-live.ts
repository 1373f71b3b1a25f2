import { CachaoError } from '../../core/errors.js';
import type { Prompts } from '../../terminal/prompts.js';
import type { World } from '../../world/world.js';

/**
 * Before anything is written in live mode: the account is named and wants to be typed, or to be given by
 * `--confirm-live`. Does nothing on a test stage. Throws LIVE_NOT_CONFIRMED, ANSWERS_NEEDED.
 */
export async function confirmLive(world: World, prompts: Prompts, given: string | undefined): Promise<void> {
  if (world.settings.mode !== 'live') return;
  const { id, name } = await world.stripe.accounts.account();
  if (given === id) return;
  const unasked = {
    what: 'the live account',
    flag: `--confirm-live ${id}`,
    variable: 'CACHAO_CONFIRM_LIVE',
    why: 'this writes to an account that takes real money',
  };
  if (given === undefined) {
    prompts.require([unasked]);
    if (
      await prompts.typed(
        `Stage ${world.settings.stage} is live: account ${id}${name ? ` (${name})` : ''}.`,
        id,
        unasked,
      )
    )
      return;
  }
  throw new CachaoError({
    code: 'LIVE_NOT_CONFIRMED',
    message:
      given === undefined
        ? 'The live account was not confirmed; nothing was changed.'
        : `The key belongs to account ${id}, not to ${given}; nothing was changed.`,
    next: [`Give --confirm-live ${id} if that is the account you mean.`],
  });
}
