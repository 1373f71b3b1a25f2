import { CachaoError } from '../core/errors.js';
import { EXIT } from '../core/exit-code.js';

export interface KeyShape {
  kind: 'secret' | 'restricted';
  mode: 'test' | 'live';
}

/**
 * Reads what a Stripe key says of itself (FACTS-STRIPE §6: the prefix list is not a contract, so this only refuses
 * what is plainly something else). Throws STRIPE_KEY_SHAPE, without the key in it.
 */
export function readKeyShape(key: string): KeyShape {
  const match = /^(sk|rk|rkcs)_(test|live)_\w{10,}$/.exec(key.trim());
  if (match) return { kind: match[1] === 'sk' ? 'secret' : 'restricted', mode: match[2] as 'test' | 'live' };
  throw new CachaoError({
    code: 'STRIPE_KEY_SHAPE',
    message: `The Stripe key ${describeWrongKey(key)}.`,
    why: 'cachao talks to Stripe with a secret key (sk_test_…, sk_live_…) or a restricted key (rk_test_…, rk_live_…).',
    next: [
      'Copy the secret or restricted key from https://dashboard.stripe.com/apikeys and set STRIPE_API_KEY to it.',
    ],
    exitCode: EXIT.usage,
  });
}

function describeWrongKey(key: string): string {
  if (key.trim() === '') return 'is empty';
  if (key.startsWith('pk_')) return 'is a publishable key (pk_…), which cannot read or change an account';
  if (key.startsWith('whsec_')) return 'is a webhook signing secret (whsec_…), not an API key';
  if (key.startsWith('sk_org_'))
    return 'is an organization key (sk_org_…); cachao needs the key of one account';
  return `does not look like a Stripe key (${key.trim().length} characters, not sk_/rk_ with test or live)`;
}
