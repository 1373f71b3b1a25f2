import { fail, pass, skipped } from '../../core/finding.js';
import { webhookUrl } from '../../world/webhook.js';
import { postUnsigned } from '../../world/webhook-probe.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import { restored } from '../restored.js';
import { RESTORE_ACTIONS, restoreFix } from '../stack/restore.js';
import type { PathCheck } from '../types.js';

/** Logical ids in `infra/template.yaml` of what stands between the URL and the handler. */
const WEBHOOK_PARTS = [
  ...['WebhookApi', 'WebhooksResource', 'StripeResource', 'StripePostMethod', 'WebhookStage'],
  ...['StripeWebhookPermission', 'StripeWebhookFunction', 'StripeWebhookRole'],
];

export const apiReachable: PathCheck = {
  id: 'api.reachable',
  title: 'The webhook URL answers an unsigned request with our own 400',
  area: 'api',
  severity: 'fail',
  item: 12,
  needs: ['account.aws-region'],
  iam: ['cloudformation:DescribeStacks'],
  fixIam: RESTORE_ACTIONS,
  why: 'Any other answer means that something else, or nothing, stands at the URL that Stripe calls.',
  async inspect(world) {
    if (!world.settings.webhook) return skipped('the stage has no webhook');
    if (!(await world.stackOutputs())) return NOT_DEPLOYED;
    const url = await webhookUrl(world);
    if (!url)
      return fail('the stack has no webhook', {
        remedy: { text: 'Deploy the stack again.', commands: ['cachao setup'], fixable: false },
      });
    const { status, body } = await postUnsigned(world, url);
    const ours = status === 400 && body.includes('SIGNATURE');
    const evidence = [{ label: 'webhook', value: url }];
    if (ours) return pass(`${url} answers`, { evidence });
    return fail(`${url} answered ${status}`, {
      expected: "400 with the handler's own error code",
      actual: `${status} ${body}`.trim(),
      evidence,
      remedy:
        status === 429
          ? { text: 'The stage throttles: look at its limits.', commands: [], fixable: false }
          : restored(
              world,
              'Put back what was changed by hand; the log group of the webhook function shows why it fails.',
              'The log group of the webhook function shows why it fails.',
            ),
    });
  },
  fix: restoreFix('api.reachable', WEBHOOK_PARTS),
};
