import { fail, pass, skipped, unknown } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { PATH_ACTIONS, paymentPath } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import type { PathCheck } from '../types.js';

/** Secret, restricted and organization keys; publishable ones are no secret. */
const STRIPE_KEY = /\b(?:sk|rk|rkcs)_(?:test|live|org)_\w{8,}/;

export const noStripeKey: PathCheck = {
  ...requirement('secret.no-stripe-key'),
  needs: ['account.aws-region'],
  iam: [...PATH_ACTIONS],
  async inspect(world) {
    const path = await paymentPath(world);
    if (!path) return NOT_DEPLOYED;
    if (path.functions.length === 0) return skipped('the path has no function');
    const looked = await Promise.all(path.functions.map(({ name }) => keysIn(world, name)));
    const holders = looked.filter(({ variables }) => variables.length > 0);
    const evidence = holders.map(({ name, variables }) => ({
      label: name,
      value: variables.join(', '),
      url: world.links.lambda(name),
    }));
    if (holders.length > 0)
      return fail(
        `${holders.map(({ name, variables }) => `${name} holds one in ${variables.join(', ')}`).join('; ')}`,
        {
          expected: 'no Stripe API key',
          actual: 'a key, readable in the environment (not shown here)',
          evidence,
          remedy: {
            text: 'Take the variable out of the function, roll the key in the Stripe Dashboard (it has been readable), and give the function that really needs one a restricted key in an SSM SecureString.',
            commands: [],
            url: 'https://dashboard.stripe.com/apikeys',
            fixable: false,
          },
        },
      );
    const unreadable = looked.filter(({ error }) => error !== null);
    if (unreadable.length > 0)
      return unknown(
        `the environment of ${unreadable.map(({ name }) => name).join(', ')} cannot be decrypted: ${unreadable[0]?.error}`,
      );
    return pass(`none of ${path.functions.length} does`);
  },
};

/** Names of the variables that hold one; never their values. */
async function keysIn(
  world: World,
  name: string,
): Promise<{ name: string; variables: string[]; error: string | null }> {
  const found = await world.lambda.function(name);
  return {
    name,
    variables: Object.entries(found?.environment ?? {})
      .filter(([, value]) => STRIPE_KEY.test(value))
      .map(([variable]) => variable),
    error: found?.environmentError ?? null,
  };
}
