import { setTimeout as sleep } from 'node:timers/promises';
import { webhookSecretParameterName } from '../../../handlers/contract/environment.js';
import { fail, pass, skipped } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { PATH_ACTIONS } from '../../world/payment-path.js';
import { storedWebhookSecret, webhookUrl } from '../../world/webhook.js';
import { postSigned, type WebhookAnswer } from '../../world/webhook-probe.js';
import type { World } from '../../world/world.js';
import { RESTORE_ACTIONS, restoreFix } from '../stack/restore.js';
import { templateRemedy } from '../template-remedy.js';
import type { PathCheck } from '../types.js';

/** How often the webhook handler looks for a newer secret, and a second for the way. */
const SECRET_REFRESH_MS = 11_000;

/** Well-formed, and nobody's. */
const WRONG_SECRET = `whsec_${'0'.repeat(32)}`;

export const apiSignature: PathCheck = {
  ...requirement('api.signature'),
  needs: ['api.reachable', 'secret.webhook'],
  iam: ['ssm:GetParameter', 'ssm:DescribeParameters', ...PATH_ACTIONS],
  fixIam: RESTORE_ACTIONS,
  async inspect(world) {
    if (!world.settings.webhook) return skipped('the stage has no webhook');
    const [url, stored] = await Promise.all([webhookUrl(world), storedWebhookSecret(world)]);
    const secret = stored?.secrets[0];
    if (!url || !secret) return fail('there is no URL or no secret to probe with');
    const right = await signedAsStored(world, url, secret, stored.storedAt);
    const wrong = await postSigned(world, url, WRONG_SECRET, 'wrong');
    if (right.status === 200 && wrong.status === 400)
      return pass('200 with the stored secret, 400 with another');
    return fail(
      right.status === 200
        ? `a probe signed with a wrong secret got ${wrong.status}`
        : `a probe signed with the stored secret got ${right.status}`,
      {
        expected: '200 with the stored secret, 400 with another',
        actual: `${right.status} and ${wrong.status}`,
        remedy: templateRemedy(
          world,
          'Put back what was changed by hand, so that the handler is ours and reads the stored secret.',
          `Let the handler verify Stripe-Signature over the raw body, with the secret in the SSM parameter ${webhookSecretParameterName(world.settings.stage)}.`,
        ),
      },
    );
  },
  fixLeaves: 'a URL or a secret that is missing',
  ...restoreFix('api.signature', ['StripeWebhookFunction', 'StripeWebhookRole']),
};

/** A handler that still holds an older secret looks for a newer one at most every ten seconds: that long is waited. */
async function signedAsStored(
  world: World,
  url: string,
  secret: string,
  storedAt: string | null,
): Promise<WebhookAnswer> {
  const answer = await postSigned(world, url, secret, 'stored');
  const wait = Date.parse(storedAt ?? '') + SECRET_REFRESH_MS - Date.now();
  if (answer.status === 200 || !(wait > 0)) return answer;
  await sleep(Math.min(wait, SECRET_REFRESH_MS));
  return postSigned(world, url, secret, 'stored, once more');
}
