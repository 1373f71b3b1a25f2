import type { RefusalLogRecord } from '../../../handlers/contract/refusal.js';
import { spanOf } from '../../core/duration.js';
import { type Evidence, fail, pass, skipped, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { dashboardLinks } from '../../stripe/dashboard-links.js';
import { readDeliveries, readRefusals } from '../../world/handler-logs.js';
import { PATH_ACTIONS } from '../../world/payment-path.js';
import { storedWebhookSecret } from '../../world/webhook.js';
import type { World } from '../../world/world.js';
import { NOT_DEPLOYED } from '../not-deployed.js';
import type { PathCheck } from '../types.js';

/** As many of the newest as Stripe is asked about. */
const MOST_ASKED = 5;
const MOST_LINES = 1_000;

export const apiRefusals: PathCheck = {
  ...requirement('api.refusals'),
  otherwise: 'it is over: a later delivery was verified, or another secret was stored since',
  needs: ['account.stripe-key', 'account.mode', 'account.aws-region'],
  iam: [...PATH_ACTIONS, 'logs:FilterLogEvents', 'ssm:GetParameter', 'ssm:DescribeParameters'],
  stripe: ['event_read'],
  operational: true,
  async inspect(world) {
    if (!world.settings.webhook) return skipped('the stage has no webhook');
    if (!world.settings.stack.managed) return skipped("only cachao's own handler logs what it refuses");
    if (!(await world.stackOutputs())) return NOT_DEPLOYED;
    const since = new Date(Date.now() - world.choices.windowMs);
    const refused = await readRefusals(world, { since, most: MOST_LINES });
    const window = `the last ${spanOf(world.choices.windowMs)}`;
    if (refused.length === 0) return pass(`none in ${window}`);
    const real = await ofStripe(world, refused);
    const last = real.at(-1);
    // Anybody can send something to the URL.
    if (!last)
      return pass(`${refused.length} in ${window}, none of an event that Stripe knows: as it should be`);
    const found = `${real.length} of Stripe's deliveries refused in ${window}, the last at ${last.receivedAt}`;
    const over = await endOf(world, last);
    // Stripe tries each event again and again: the last time is what tells.
    const newest = [...new Map(real.map((one) => [one.eventId, one])).values()];
    const evidence = newest.map((one) => evidenceOf(world, one));
    if (over)
      return warn(`${found}; ${over}`, {
        expected: 'none',
        evidence,
        remedy: {
          text: 'It is over. Stripe sends what was refused again by itself, for days; reconcile delivers it now.',
          commands: ['cachao reconcile'],
          fixable: false,
        },
      });
    return fail(found, {
      expected: 'every signature of Stripe verified',
      actual: `${last.verdict}: 400`,
      evidence,
      remedy: {
        text: 'The stored signing secret is not the one that Stripe signs with. Put a new one in its place, then deliver what was refused.',
        commands: ['cachao rotate-secret', 'cachao reconcile --apply'],
        fixable: false,
      },
    });
  },
};

/** Those that name an event which Stripe knows, of the newest events named. */
async function ofStripe(world: World, refused: readonly RefusalLogRecord[]): Promise<RefusalLogRecord[]> {
  const ids = [...new Set(refused.flatMap(({ eventId }) => eventId ?? []).reverse())].slice(0, MOST_ASKED);
  const known = await Promise.all(
    ids.map(async (id) => ((await world.stripe.events.retrieve(id)) ? [id] : [])),
  );
  const real = new Set(known.flat());
  return refused.filter(({ eventId }) => eventId !== null && real.has(eventId));
}

/** Why the last refusal is history; undefined while nothing says so. */
async function endOf(world: World, { receivedAt }: RefusalLogRecord): Promise<string | undefined> {
  const [verified, stored] = await Promise.all([
    readDeliveries(world, 'webhook', new Date(Date.parse(receivedAt) + 1)),
    storedWebhookSecret(world),
  ]);
  if (verified.length > 0)
    return `since then ${verified.length === 100 ? 'at least 100' : verified.length} verified`;
  const { storedAt } = stored ?? {};
  return storedAt && storedAt > receivedAt ? `the secret was stored again at ${storedAt}` : undefined;
}

function evidenceOf(world: World, { eventId, receivedAt, verdict }: RefusalLogRecord): Evidence {
  return {
    label: `refused, ${verdict}`,
    value: `${eventId} at ${receivedAt}`,
    url: dashboardLinks.event(world.settings.mode, eventId ?? ''),
  };
}
