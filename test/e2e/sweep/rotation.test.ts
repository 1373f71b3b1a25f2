import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Happening } from '../../../src/local-cloud/kernel/cloud.js';
import type { Fault } from '../../../src/local-cloud/kernel/faults.js';
import type { TestCloud } from '../../support/local-cloud.js';
import type { SavedWorld } from '../../support/worlds.js';
import { cachao, workingDirectory } from '../support/cli.js';
import { environmentFor } from '../support/clouds.js';
import { webhookArrivals } from '../support/inventory.js';
import { killAt } from '../support/kill.js';
import { savedSetUp } from '../support/saved-world.js';
import { stripeOf, worldOf } from '../support/world.js';

const ROTATE = ['rotate-secret', '--yes', '--json', '--grace', '2'];

/** Every call with which a rotation changes something; the traffic makes none of these. */
const KILL_POINTS: [service: string, operation: string, after: number][] = [
  ['stripe', 'POST /v1/webhook_endpoints', 0],
  ['ssm', 'PutParameter', 1],
  ['ssm', 'AddTagsToResource', 0],
  ['stripe', 'POST /v1/webhook_endpoints/{id}', 0],
  ['lambda', 'Invoke', 1],
  ['lambda', 'Invoke', 3],
  ['stripe', 'DELETE /v1/webhook_endpoints/{id}', 0],
  ['ssm', 'PutParameter', 3],
];

/** Which are tried: all with `npm run sweep`, else those around the secret that only one run knows. */
const TRIED = process.env.CACHAO_SWEEP === 'all' ? KILL_POINTS : KILL_POINTS.filter((_, n) => n % 3 === 0);

describe('rotate-secret under constant webhook traffic', () => {
  const directory = workingDirectory();
  let saved: SavedWorld;
  beforeAll(async () => {
    // Without a reservation: on a busy machine functions start slowly, and throttling is not what is tested here.
    saved = await savedSetUp(['--reserved-concurrency', 'none']);
  });
  afterAll(async () => {
    await directory.remove();
  });

  it.each(TRIED)('killed at %s %s (after %i), and run again', async (...point) => {
    const cloud = await saved.start();
    const options = { cwd: directory.path, environment: environmentFor(cloud) };
    try {
      const refused = refusals(cloud);
      const traffic = startTraffic(cloud);
      const [service, operation, after] = point;
      const fault: Fault = { service, operation, after, kind: 'hang-after', times: 1 };
      expect(await killAt(cloud, fault, ROTATE, options), 'the point is reached').toBe(true);
      const again = await cachao(ROTATE, options);
      expect(again.code, again.stdout + again.stderr).toBe(0);
      const sent = await traffic.stop();
      expect(sent.length).toBeGreaterThan(20);
      await expect
        .poll(() => webhookArrivals(cloud), { timeout: 30_000 })
        .toEqual(expect.arrayContaining(sent));
      expect(refused).toEqual([]);
      expect(await worldOf(cloud)).toMatchObject({
        endpoints: [['enabled', 4]],
        secretNamesItsEndpoint: true,
      });
    } finally {
      await cloud.close();
    }
  });
});

/** What Stripe was answered with anything but success. A machine too busy to answer in time refuses nothing. */
function refusals(cloud: TestCloud): string[] {
  const refused: string[] = [];
  cloud.cloud.happenings.on('happening', ({ text }: Happening) => {
    if (/attempt \d+: answered/.test(text)) refused.push(text);
  });
  return refused;
}

/** Sessions of another stage that expire one after the other; `stop` gives the ids of their events. */
function startTraffic(cloud: TestCloud): { stop(): Promise<string[]> } {
  const stripe = stripeOf(cloud);
  let stopped = false;
  const one = async () => {
    const { id } = await stripe.checkout.sessions.create({
      mode: 'payment',
      success_url: 'https://shop.example/thanks',
      line_items: [
        { quantity: 1, price_data: { currency: 'eur', unit_amount: 500, product_data: { name: 'x' } } },
      ],
      metadata: { cachao_stage: 'elsewhere' },
    });
    await stripe.checkout.sessions.expire(id);
    return id;
  };
  const running = (async () => {
    const sessions: string[] = [];
    for (; !stopped; await sleep(300)) sessions.push(await one());
    return sessions;
  })();
  return {
    async stop() {
      stopped = true;
      const sessions = new Set(await running);
      const events = await stripe.events
        .list({ type: 'checkout.session.expired', limit: 100 })
        .autoPagingToArray({ limit: 5000 });
      return events
        .filter((event) => sessions.has((event.data.object as { id: string }).id))
        .map((event) => event.id);
    },
  };
}
