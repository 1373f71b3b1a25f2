import { KNOWN_API_VERSIONS } from '../../../handlers/contract/stripe-event.js';
import { KNOWN_AFTER_APPLY } from '../../core/check.js';
import { CachaoError } from '../../core/errors.js';
import { fail, pass, skipped } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { dashboardLinks } from '../../stripe/dashboard-links.js';
import type { EventDestination, NewEventDestination } from '../../stripe/event-destinations.js';
import type { Bench } from '../../world/bench.js';
import { deliveryWays } from '../../world/delivery-ways.js';
import { adoptableDestinations, DESTINATION_READS, ourDestination } from '../../world/destination.js';
import { ADOPTED, stripeMetadata } from '../../world/ownership.js';
import { PATH_ACTIONS } from '../../world/payment-path.js';
import { TAKEN_TYPES_ACTIONS, takenTypes } from '../../world/taken-types.js';
import type { World } from '../../world/world.js';
import type { PathCheck } from '../types.js';

/** Each attempt is a destination that was made and deleted again; nobody does that this often within 30 days. */
const MAXIMUM_ATTEMPTS = 50;

export const destination: PathCheck = {
  ...requirement('stripe.destination'),
  needs: ['account.stripe-key', 'account.mode', 'account.aws-region'],
  fixNeeds: ['delivery.single-handler'],
  iam: PATH_ACTIONS,
  fixIam: TAKEN_TYPES_ACTIONS,
  stripe: [...DESTINATION_READS.stripe, 'webhook_read'],
  fixStripe: ['event_destination_write'],
  async inspect(world) {
    const { mode } = world.settings;
    const ours = await ourDestination(world);
    const { eventbridge, why } = await deliveryWays(world);
    if (!eventbridge) return skipped(why ?? '');
    if (ours) return pass(`${ours.id} (${ours.name})`, { evidence: [evidence(world, ours)] });
    const adoptable = await adoptableDestinations(world);
    return fail(`no destination of stage ${world.settings.stage} delivers to ${world.settings.region}`, {
      expected: `one destination for stage ${world.settings.stage}`,
      actual:
        adoptable.length > 0 ? `${adoptable.map((d) => d.id).join(', ')}, made by someone else` : 'none',
      evidence: adoptable.map((other) => ({
        label: 'destination',
        value: other.id,
        url: dashboardLinks.destination(mode, other.id),
      })),
      remedy: {
        text: 'Let setup create it, or adopt one that is there.',
        commands: ['cachao setup'],
        fixable: true,
      },
    });
  },

  async fix(world) {
    const { eventbridge, why } = await deliveryWays(world);
    if (!eventbridge) return [];
    const adopted = await chosenForAdoption(world);
    const change = { check: 'stripe.destination', resource: 'Stripe event destination' };
    if (adopted)
      return [
        {
          ...change,
          action: 'update',
          name: adopted.id,
          details: [`metadata: + cachao_stage ${world.settings.stage} (adopted)`],
          apply: (bench) =>
            bench.stripe.destinations.update(adopted.id, {
              metadata: { ...adopted.metadata, ...stripeMetadata(world.settings), [ADOPTED]: 'true' },
            }),
        },
      ];
    return [
      {
        ...change,
        action: 'create',
        name: destinationName(world),
        details: [
          `region: ${world.settings.region}`,
          `events: ${(await takenTypes(world)).join(', ')}`,
          `id: ${KNOWN_AFTER_APPLY}`,
          ...(why ? [why] : []),
        ],
        apply: createDestination,
      },
    ];
  },
};

function evidence(world: World, found: EventDestination) {
  return {
    label: 'destination',
    value: found.id,
    url: dashboardLinks.destination(world.settings.mode, found.id),
  };
}

export function destinationName(world: World): string {
  return `cachao ${world.settings.stage} (${world.settings.region})`;
}

async function chosenForAdoption(world: World): Promise<EventDestination | undefined> {
  const choice = world.choices.adoptDestination;
  if (!choice) return undefined;
  const adoptable = await adoptableDestinations(world);
  const chosen = adoptable.find((candidate) => candidate.id === choice);
  if (chosen) return chosen;
  throw new CachaoError({
    code: 'DESTINATION_NOT_ADOPTABLE',
    message: `${choice} cannot be adopted: it is not an enabled snapshot destination to this account and ${world.settings.region} without an owner.`,
    next: [
      adoptable.length > 0
        ? `These can be: ${adoptable.map((d) => d.id).join(', ')}.`
        : 'None can be; leave --adopt-destination out and one is created.',
    ],
  });
}

/**
 * Creates it once. The list may lag behind a create that an earlier run made, so the create carries an idempotency
 * key made of account, region, stage and attempt, always with the same body; what comes back is retrieved, and only
 * when that is gone does the attempt rise.
 */
export async function createDestination(bench: Bench): Promise<EventDestination> {
  const { world } = bench;
  const body = await newDestination(world);
  for (let attempt = 0; attempt < MAXIMUM_ATTEMPTS; attempt++) {
    const key = `cachao:destination:${body.awsAccountId}:${body.region}:${world.settings.stage}:${attempt}`;
    const created = await createUnlessKeyWasOther(bench, body, key);
    const found = created && (await world.stripe.destinations.retrieve(created.id));
    // A disabled one cannot be revived once its source is gone: it counts as gone too.
    if (found?.enabled) {
      world.madeDestinations.add(found.id);
      return found;
    }
  }
  throw new CachaoError({
    code: 'DESTINATION_ATTEMPTS',
    message: `Stripe kept returning destinations that were deleted before, ${MAXIMUM_ATTEMPTS} times.`,
    next: ['Create a destination in the Stripe Dashboard and adopt it with --adopt-destination.'],
  });
}

async function createUnlessKeyWasOther(
  bench: Bench,
  body: NewEventDestination,
  key: string,
): Promise<EventDestination | undefined> {
  try {
    return await bench.stripe.destinations.create(body, key);
  } catch (error) {
    // An older cachao used this key with another body: that destination would be in the list by now, so it is gone.
    if (error instanceof CachaoError && /idempoten/i.test(error.message)) return undefined;
    throw error;
  }
}

async function newDestination(world: World): Promise<NewEventDestination> {
  const { account } = await world.sts.callerIdentity();
  return {
    name: destinationName(world),
    description: `Checkout events for the orders of stage ${world.settings.stage}`,
    awsAccountId: account,
    region: world.settings.region,
    enabledEvents: await takenTypes(world),
    apiVersion: KNOWN_API_VERSIONS[0],
    metadata: stripeMetadata(world.settings),
  };
}
