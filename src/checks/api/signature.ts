import { webhookSecretParameterName } from '../../../handlers/contract/environment.js';
import { fail, pass, skipped } from '../../core/finding.js';
import { storedWebhookSecret, webhookUrl } from '../../world/webhook.js';
import { postSigned } from '../../world/webhook-probe.js';
import type { PathCheck } from '../types.js';

/** Well-formed, and nobody's. */
const WRONG_SECRET = `whsec_${'0'.repeat(32)}`;

export const apiSignature: PathCheck = {
  id: 'api.signature',
  title: 'A probe signed with the stored secret is accepted, one signed with another is refused',
  area: 'api',
  severity: 'fail',
  item: 12,
  needs: ['api.reachable', 'secret.webhook'],
  iam: ['ssm:GetParameter', 'ssm:DescribeParameters', 'cloudformation:DescribeStacks'],
  why: 'It is the only proof that the handler verifies signatures with the secret that Stripe signs with.',
  async inspect(world) {
    if (!world.settings.webhook) return skipped('the stage has no webhook');
    const [url, stored] = await Promise.all([webhookUrl(world), storedWebhookSecret(world)]);
    const secret = stored?.secrets[0];
    if (!url || !secret) return fail('there is no URL or no secret to probe with');
    const right = await postSigned(world, url, secret, 'stored');
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
        remedy: world.settings.stack.managed
          ? {
              text: 'Deploy the stack again, so that the handler is ours and reads the stored secret.',
              commands: ['cachao setup'],
              fixable: false,
            }
          : {
              text: `Let the handler verify Stripe-Signature over the raw body, with the secret in the SSM parameter ${webhookSecretParameterName(world.settings.stage)}.`,
              commands: [],
              fixable: false,
            },
      },
    );
  },
};
