import { setTimeout as sleep } from 'node:timers/promises';
import { DeactivateEventSourceCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type Stripe from 'stripe';
import { describe } from 'vitest';
import { HANDLED_EVENT_TYPES } from '../../../handlers/contract/stripe-event.js';
import { stripeMetadata } from '../../../src/world/ownership.js';
import { stripeOf } from '../../e2e/support/world.js';
import { type Breakage, breakIt } from '../support/break-it.js';
import type { SetUpStage } from '../support/set-up-stage.js';

const events = (stage: SetUpStage) => new EventBridgeClient(stage.client);
const PAID: Stripe.WebhookEndpointUpdateParams.EnabledEvent = 'checkout.session.completed';

async function destination(stage: SetUpStage): Promise<Stripe.V2.Core.EventDestination> {
  const { data } = await stripeOf(stage.cloud).v2.core.eventDestinations.list({ limit: 100 });
  const found = data
    .filter(({ type, status }) => type === 'amazon_eventbridge' && status === 'enabled')
    .at(0);
  if (!found) throw new Error('there is no destination');
  return found;
}

/** Waits until Stripe's list, which lags behind every change, shows the destinations so. */
async function listShows(
  stage: SetUpStage,
  wanted: (listed: Stripe.V2.Core.EventDestination[]) => boolean,
): Promise<void> {
  for (;;) {
    const { data } = await stripeOf(stage.cloud).v2.core.eventDestinations.list({ limit: 100 });
    if (wanted(data.filter(({ type }) => type === 'amazon_eventbridge'))) return;
    await sleep(20);
  }
}

function createDestination(
  stage: SetUpStage,
  parameters: Partial<Stripe.V2.Core.EventDestinationCreateParams>,
) {
  return stripeOf(stage.cloud).v2.core.eventDestinations.create({
    name: 'made by hand',
    type: 'amazon_eventbridge',
    event_payload: 'snapshot',
    enabled_events: [...HANDLED_EVENT_TYPES],
    amazon_eventbridge: { aws_account_id: '123456789012', aws_region: 'eu-west-1' },
    ...parameters,
  });
}

async function endpoint(stage: SetUpStage): Promise<Stripe.WebhookEndpoint> {
  const { data } = await stripeOf(stage.cloud).webhookEndpoints.list({ limit: 100 });
  const ours = data.find(({ metadata }) => metadata.managed_by === 'cachao');
  if (!ours) throw new Error('there is no endpoint');
  return ours;
}

async function changeEndpoint(stage: SetUpStage, change: Stripe.WebhookEndpointUpdateParams) {
  await stripeOf(stage.cloud).webhookEndpoints.update((await endpoint(stage)).id, change);
}

/** What takes a new destination's place on AWS. */
const FOLLOWS = ['eventbridge.source', 'eventbridge.bus', 'stack.current'];
const DEAD_URL = 'https://gone123456.execute-api.eu-west-1.amazonaws.com/dev/webhooks/stripe';

describe('the destination', () => {
  let made = '';
  breakIt(
    [
      {
        broken: 'Somebody disabled it',
        check: 'stripe.destination-enabled',
        reason: /is disabled \(user\)/,
        break: async (stage) => {
          await stripeOf(stage.cloud).v2.core.eventDestinations.disable((await destination(stage)).id);
          await listShows(stage, (listed) => listed.every(({ status }) => status === 'disabled'));
        },
        fixed: true,
        planned: /status: disabled -> enabled/,
      },
      {
        broken: 'It sends one type only',
        check: 'stripe.destination-events',
        reason: /checkout\.session\.expired are not sent$/,
        break: async (stage) => {
          await stripeOf(stage.cloud).v2.core.eventDestinations.update((await destination(stage)).id, {
            enabled_events: [PAID, 'charge.succeeded'],
          });
          await listShows(stage, (listed) => listed.every((one) => one.enabled_events.length === 2));
        },
        fixed: true,
        planned: /enabled_events: \+ checkout\.session\.expired/,
      },
      {
        broken: 'A second one sends the same',
        check: 'stripe.destination-unique',
        reason: /\(made by hand\) sends the same events to this account and region/,
        break: async (stage) => {
          made = (await createDestination(stage, {})).id;
          await listShows(stage, (listed) => listed.some(({ id }) => id === made));
        },
        fixed: false,
        undo: async (stage) => {
          await stripeOf(stage.cloud).v2.core.eventDestinations.del(made);
          await listShows(stage, (listed) => listed.every(({ id }) => id !== made));
        },
      },
      {
        broken: 'Its source was deactivated',
        check: 'eventbridge.source-active',
        reason: /the source is PENDING; it expires at /,
        break: async (stage) =>
          events(stage).send(new DeactivateEventSourceCommand({ Name: stage.outputs.eventBusName })),
        fixed: true,
        planned: /state: PENDING -> ACTIVE/,
      },
      {
        broken: 'It was deleted',
        check: 'stripe.destination',
        reason: /no destination of stage dev delivers to eu-west-1/,
        break: async (stage) => {
          await stripeOf(stage.cloud).v2.core.eventDestinations.del((await destination(stage)).id);
          await listShows(stage, (listed) => listed.length === 0);
        },
        fixed: true,
        planned: /id: \(known after apply\)/,
        next: FOLLOWS,
      },
      {
        broken: 'It sends an API version that the handlers do not know',
        check: 'stripe.destination-payload',
        reason: /sends snapshot, 2024-06-20/,
        // Stack and rule still stand on the bus of the one before.
        also: { 'eventbridge.rule-bus': 'fail', 'eventbridge.pattern': 'fail', 'stack.current': 'warn' },
        break: async (stage) => {
          await stripeOf(stage.cloud).v2.core.eventDestinations.del((await destination(stage)).id);
          const other = await createDestination(stage, {
            snapshot_api_version: '2024-06-20',
            metadata: stripeMetadata(stage.settings),
          });
          await listShows(stage, (listed) => listed.map(({ id }) => id).join() === other.id);
        },
        fixed: true,
        planned: /payload: snapshot, .*\n.*payload: snapshot, 2024-06-20/,
        next: FOLLOWS,
      },
      {
        broken: 'Stripe disabled it, because its source expired',
        check: 'stripe.destination-enabled',
        reason: /its AWS event source is gone/,
        // A rule cannot outlive its bus.
        also: { 'eventbridge.rule': 'fail' },
        break: (stage) => expireSource(stage),
        fixed: true,
        planned: /a new destination with a new source takes its place/,
        next: FOLLOWS,
      },
    ],
    { choices: { sourcePatienceMs: 10_000 } },
  );
});

/** As after the time that AWS gives: no bus was made for it, so AWS let it go, and Stripe noticed. */
async function expireSource(stage: SetUpStage): Promise<void> {
  const { store } = stage.cloud.cloud;
  const { id } = await destination(stage);
  const name = `aws.partner/stripe.com/${id}`;
  for (const table of ['events.buses', 'events.sources']) {
    const rows = store.table<{ name: string }>(table);
    for (const key of rows.keys()) if (rows.get(key)?.name === name) rows.delete(key);
  }
  await stripeOf(stage.cloud).v2.core.eventDestinations.retrieve(id);
  await listShows(stage, (listed) => listed.every(({ status }) => status === 'disabled'));
}

/** The API of the same id in another region is another account's. */
const LOOKALIKE = 'https://abc123def4.execute-api.us-west-2.amazonaws.com/dev/webhooks/stripe';

async function deleteEndpoint(stage: SetUpStage, url: string): Promise<void> {
  const stripe = stripeOf(stage.cloud);
  const { data } = await stripe.webhookEndpoints.list({ limit: 100 });
  for (const one of data) if (one.url === url) await stripe.webhookEndpoints.del(one.id);
}

describe('the webhook endpoint', () => {
  breakIt([
    {
      broken: 'It was deleted',
      check: 'stripe.webhook',
      reason: /no webhook endpoint of this stage exists/,
      break: async (stage) => stripeOf(stage.cloud).webhookEndpoints.del((await endpoint(stage)).id),
      fixed: true,
      planned: /its signing secret goes to SSM before anything else/,
    },
    {
      broken: 'It points at an API that is gone',
      check: 'stripe.webhook',
      reason: /points at https:\/\/gone123456\.execute-api/,
      break: (stage) => changeEndpoint(stage, { url: DEAD_URL }),
      fixed: true,
      planned: /url: https:\/\/gone123456\S+ -> http/,
    },
    {
      broken: 'Stripe disabled it',
      check: 'stripe.webhook-enabled',
      reason: /we_\w+ is disabled/,
      break: (stage) => changeEndpoint(stage, { disabled: true }),
      fixed: true,
      planned: /status: disabled -> enabled/,
    },
    {
      broken: 'It sends one type only',
      check: 'stripe.webhook-events',
      reason: /checkout\.session\.expired are not sent$/,
      break: (stage) => changeEndpoint(stage, { enabled_events: [PAID] }),
      fixed: true,
      planned: /enabled_events: \+ checkout\.session\.async_payment_failed/,
    },
    {
      broken: 'An older one of ours points at an API that is gone',
      check: 'stripe.webhook-stale',
      reason: /we_\w+ points to https:\/\/gone123456\S+, an API that is gone, or another account's/,
      break: (stage) =>
        stripeOf(stage.cloud).webhookEndpoints.create({
          url: DEAD_URL,
          enabled_events: [PAID],
          metadata: stripeMetadata(stage.settings),
        }),
      fixed: true,
      planned: /status: enabled -> disabled/,
    },
    ...['https://evil.example/_aws/execute-api/abc123def4/dev/webhooks/stripe', LOOKALIKE].map(
      (url): Breakage => ({
        broken: `A second one of ours sends to ${new URL(url).host}`,
        check: 'stripe.webhook-unique',
        outcome: 'fail',
        reason: new RegExp(`^we_\\w+ of this stage sends the events to ${url}$`),
        break: (stage) =>
          stripeOf(stage.cloud).webhookEndpoints.create({
            url,
            enabled_events: [PAID],
            metadata: stripeMetadata(stage.settings),
          }),
        fixed: false,
        undo: (stage) => deleteEndpoint(stage, url),
      }),
    ),
    {
      broken: "Somebody else's endpoint gets the same events",
      check: 'delivery.single-handler',
      reason: /https:\/\/shop\.example\/stripe already gets the same events/,
      break: (stage) =>
        stripeOf(stage.cloud).webhookEndpoints.create({
          url: 'https://shop.example/stripe',
          enabled_events: [PAID],
        }),
      fixed: false,
      undo: (stage) => deleteEndpoint(stage, 'https://shop.example/stripe'),
    },
  ]);
});
