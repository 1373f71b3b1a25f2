import { fail, pass, skipped, type Verdict, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { dashboardLinks } from '../../stripe/dashboard-links.js';
import type { WebhookEndpoint } from '../../stripe/webhook-endpoints.js';
import { PATH_ACTIONS } from '../../world/payment-path.js';
import { ourEndpoints, pointingAt, storedWebhookSecret, webhookUrl } from '../../world/webhook.js';
import type { World } from '../../world/world.js';
import type { PathCheck } from '../types.js';
import { isGone } from './webhook-stale.js';

export const webhookUnique: PathCheck = {
  ...requirement('stripe.webhook-unique'),
  otherwise: 'an endpoint of this stage sends its events elsewhere',
  needs: ['stripe.webhook'],
  iam: [...PATH_ACTIONS, 'ssm:GetParameter', 'ssm:DescribeParameters'],
  stripe: ['webhook_read'],
  fixStripe: ['webhook_write'],
  async inspect(world) {
    if (!world.settings.webhook) return skipped('the stage has no webhook');
    const { here, unnamed, strays } = await senders(world);
    if (strays.length > 0) return elsewhere(world, strays);
    if (here.length < 2) return pass(here.length === 0 ? 'none sends' : `only ${here[0]?.id}`);
    const evidence = here.map(({ id }) => ({
      label: 'endpoint',
      value: id,
      url: dashboardLinks.webhookEndpoint(world.settings.mode, id),
    }));
    const ids = here.map(({ id }) => id).join(' and ');
    if (unnamed.length === 0)
      return warn(`${ids} are both enabled: a rotation of the signing secret is under way`, {
        expected: 'one enabled endpoint',
        actual: `${here.length}`,
        evidence,
        remedy: {
          text: 'Run it again: it continues where it stopped.',
          commands: ['cachao rotate-secret'],
          fixable: false,
        },
      });
    return warn(
      `${ids} are all enabled, and no secret is stored for ${unnamed.map(({ id }) => id).join(', ')}: what it sends is refused`,
      {
        expected: 'one enabled endpoint',
        actual: `${here.length}`,
        evidence,
        remedy: {
          text: 'Disable the endpoint without a stored secret; delete it in the Dashboard once you are sure.',
          commands: ['cachao doctor --fix'],
          fixable: true,
        },
      },
    );
  },
  fixLeaves:
    'a rotation that is under way, which cachao rotate-secret ends; an endpoint that sends elsewhere',
  async fix(world) {
    if (!world.settings.webhook) return [];
    return (await superfluous(world)).map(({ id }) => ({
      check: 'stripe.webhook-unique',
      action: 'update',
      resource: 'Stripe webhook endpoint',
      name: id,
      details: ['status: enabled -> disabled (its signing secret is stored nowhere)'],
      apply: (bench) => bench.stripe.webhookEndpoints.update(id, { disabled: true }),
    }));
  },
};

function elsewhere(world: World, strays: readonly WebhookEndpoint[]): Verdict {
  const url = (id: string) => dashboardLinks.webhookEndpoint(world.settings.mode, id);
  const [first] = strays;
  return fail(strays.map((one) => `${one.id} of this stage sends the events to ${one.url}`).join('; '), {
    expected: "this stage's events only to its webhook",
    actual: strays.map((one) => one.url).join(', '),
    evidence: strays.map(({ id }) => ({ label: 'endpoint', value: id, url: url(id) })),
    remedy: {
      text: 'Whoever owns that address sees every payment. If it is not yours, delete the endpoint in the Stripe Dashboard; if the stage moved, disable the old one.',
      commands: [],
      ...(first ? { url: url(first.id) } : {}),
      fixable: false,
    },
  });
}

interface Senders {
  /** Our enabled endpoints on the webhook's URL. */
  here: WebhookEndpoint[];
  /** Those of them of which no secret is stored. */
  unnamed: WebhookEndpoint[];
  /** Our enabled endpoints on any other URL; those of an API that is gone are another check's. */
  strays: WebhookEndpoint[];
}

async function senders(world: World): Promise<Senders> {
  const [url, endpoints, stored] = await Promise.all([
    webhookUrl(world),
    ourEndpoints(world),
    storedWebhookSecret(world),
  ]);
  const enabled = endpoints.filter((endpoint) => endpoint.enabled);
  const here = await pointingAt(world, enabled, url);
  const named = new Set(stored?.endpointIds ?? []);
  const others = enabled.filter((endpoint) => !here.includes(endpoint));
  const gone = await Promise.all(others.map((endpoint) => isGone(world, endpoint.url)));
  return {
    here,
    unnamed: here.filter(({ id }) => !named.has(id)),
    strays: others.filter((_, index) => !gone[index]),
  };
}

/** The one that delivers stays: where none of them has its secret stored, another check makes one that has. */
async function superfluous(world: World): Promise<WebhookEndpoint[]> {
  const { here, unnamed } = await senders(world);
  return unnamed.length < here.length ? unnamed : [];
}
