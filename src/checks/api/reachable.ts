import { fail, pass, skipped, type Verdict } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { PATH_ACTIONS, type PaymentPath, paymentPath } from '../../world/payment-path.js';
import { webhookUrl } from '../../world/webhook.js';
import { postUnsigned } from '../../world/webhook-probe.js';
import type { World } from '../../world/world.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import { RESTORE_ACTIONS, restoreFix } from '../stack/restore.js';
import { templateRemedy } from '../template-remedy.js';
import type { PathCheck } from '../types.js';
import { leadsAstray } from './integration.js';

/** Logical ids in `infra/template.yaml` of what stands between the URL and the handler. */
const WEBHOOK_PARTS = [
  ...['WebhookApi', 'WebhooksResource', 'StripeResource', 'StripePostMethod', 'WebhookStage'],
  ...['StripeWebhookPermission', 'StripeWebhookFunction', 'StripeWebhookRole'],
];
/** How a handler of somebody else's may refuse what is not signed; 403 and 404 are API Gateway's own. */
const REFUSALS = [400, 401, 422];

export const apiReachable: PathCheck = {
  ...requirement('api.reachable'),
  needs: ['account.aws-region'],
  iam: [...PATH_ACTIONS, 'logs:DescribeLogGroups'],
  fixIam: RESTORE_ACTIONS,
  async inspect(world) {
    if (!world.settings.webhook) return skipped('the stage has no webhook');
    const [path, url] = await Promise.all([paymentPath(world), webhookUrl(world)]);
    if (!path) return NOT_DEPLOYED;
    if (!url && !world.settings.stack.managed)
      return skipped(`the stack ${world.settings.stack.name} has no path for Stripe's webhook`);
    if (!url)
      return fail('the stack has no webhook', {
        remedy: { text: 'Deploy the stack again.', commands: ['cachao setup'], fixable: false },
      });
    const astray = path.api && (await leadsAstray(world, path, path.api));
    if (astray) return elsewhere(world, path, url, astray);
    const sleeping = await neverRan(world, path);
    if (sleeping)
      return skipped(
        `${sleeping} never ran, and a probe would be its first run, which makes its log group; --deep probes all the same`,
      );
    const { status, body } = await postUnsigned(world, url);
    const ours = world.settings.stack.managed
      ? status === 400 && body.includes('SIGNATURE')
      : REFUSALS.includes(status);
    const evidence = [{ label: 'webhook', value: url }];
    if (ours) return pass(`${url} answers`, { evidence });
    return fail(`${url} answered ${status}`, {
      expected: world.settings.stack.managed ? "400 with the handler's own error code" : '400 or 401',
      actual: `${status} ${body}`.trim(),
      evidence,
      remedy:
        status === 429
          ? { text: 'The stage throttles: look at its limits.', commands: [], fixable: false }
          : templateRemedy(
              world,
              'Put back what was changed by hand; the log group of the webhook function shows why it fails.',
              'The log group of the webhook function shows why it fails.',
            ),
    });
  },
  fixLeaves: 'a stage that throttles, and a stack without a webhook',
  ...restoreFix('api.reachable', WEBHOOK_PARTS),
};

function elsewhere(world: World, { functions }: PaymentPath, url: string, astray: string): Verdict {
  const ours = functions.find(({ role }) => role === 'webhook')?.arn;
  return fail(
    `${url} leads to ${astray}, ${ours ? 'which is not the webhook function' : 'in another account or region'}`,
    {
      expected: ours ?? 'a function of this account and region',
      actual: astray,
      evidence: [{ label: 'webhook', value: url }],
      remedy: templateRemedy(
        world,
        'Put the integration of the template back.',
        'Whoever owns that function sees every payment. Name the function of the stack in the integration, and deploy.',
      ),
    },
  );
}

/** The webhook's function of somebody else's stack that no log group stands for yet, where this run may not be the first. */
async function neverRan(world: World, path: PaymentPath): Promise<string | undefined> {
  if (path.managed || world.choices.wakes) return undefined;
  const names = path.functions.filter(({ role }) => role === 'webhook').map(({ name }) => name);
  const logged = await Promise.all(names.map((name) => hasLogGroup(world, name)));
  return names.find((_, index) => !logged[index]);
}

async function hasLogGroup(world: World, name: string): Promise<boolean> {
  const group = (await world.lambda.function(name))?.logGroup;
  // Of a function that is gone nothing is made.
  return group === undefined || (await world.logs.logGroups(group)).some((one) => one.name === group);
}
