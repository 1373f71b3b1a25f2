import { expect, it } from 'vitest';
import { destinationUnique } from '../../src/checks/stripe/destination-unique.js';
import { inspectOne } from '../../src/core/inspect.js';
import type { EventDestination } from '../../src/stripe/event-destinations.js';
import { stripeMetadata } from '../../src/world/ownership.js';
import type { World } from '../../src/world/world.js';
import { contradictions } from '../doctor/support/break-it.js';
import { SETTINGS } from '../stack/stage.js';

const HERE = '123456789012';

async function lookAt(...changes: Partial<EventDestination>[]): Promise<string> {
  const destinations = [{}, ...changes].map((change, index) => ({
    id: `ed_test_${index}`,
    name: 'shop',
    enabled: true,
    awsAccountId: HERE,
    region: SETTINGS.region,
    enabledEvents: ['checkout.session.completed'],
    metadata: stripeMetadata(SETTINGS),
    createdAt: `2026-11-2${index}T00:00:00Z`,
    ...change,
  }));
  const world = {
    settings: SETTINGS,
    madeDestinations: [],
    sts: { callerIdentity: async () => ({ account: HERE }) },
    eventbridge: { listEventSources: async () => [] },
    stripe: { destinations: { list: async () => destinations } },
  } as unknown as World;
  const finding = await inspectOne(destinationUnique, world);
  expect(contradictions(finding), 'what --explain says of the check').toEqual([]);
  return `${finding.outcome}: ${finding.summary}`;
}

it("a destination of this stage's that sends to another account or region fails, and says where it sends", async () => {
  const stranger = '999999999999';
  expect(await lookAt({ awsAccountId: stranger })).toBe(
    `fail: ed_test_1 (shop) sends the events to account ${stranger} in ${SETTINGS.region}`,
  );
  expect(await lookAt({ region: 'us-west-2' })).toBe(
    `fail: ed_test_1 (shop) sends the events to account ${HERE} in us-west-2`,
  );
  expect(await lookAt({ awsAccountId: stranger, enabled: false })).toBe('pass: ed_test_0 is the only one');
  expect(await lookAt({ awsAccountId: stranger, metadata: {} })).toBe('pass: ed_test_0 is the only one');
});
