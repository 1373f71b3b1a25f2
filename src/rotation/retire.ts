import { setTimeout as sleep } from 'node:timers/promises';
import { HANDLED_EVENT_TYPES } from '../../handlers/contract/stripe-event.js';
import { storeSigningSecrets } from '../checks/secret/mint-endpoint.js';
import type { Progress } from '../core/check.js';
import { CachaoError } from '../core/errors.js';
import type { WebhookEndpoint } from '../stripe/webhook-endpoints.js';
import type { Bench } from '../world/bench.js';
import { operate } from '../world/operations.js';
import type { World } from '../world/world.js';
import type { RotationState } from './state.js';

/** Stripe retries for so long in live mode. */
const RETRIES_SECONDS = 3 * 24 * 3600;
/** As many as the ledger can be asked for at once. */
const MOST_EVENTS = 500;
const POLL_MS = 1_000;

/**
 * Waits until nothing rests on the old endpoints: with them Stripe's retries end, and what only they would have
 * brought would be lost.
 * @throws CachaoError ROTATION_EVENTS_WAITING
 */
export async function waitForRetries(
  bench: Bench,
  old: readonly WebhookEndpoint[],
  patienceMs: number,
  progress: Progress,
): Promise<void> {
  // What is made from now on, the new endpoint brings too.
  const until = Math.floor(Date.now() / 1000) + 1;
  const deadline = Date.now() + patienceMs;
  for (let told = false; ; told = true) {
    bench.world.forget();
    const waiting = await resting(bench.world, until);
    if (waiting.length === 0) return;
    if (Date.now() > deadline) throw eventsWait(old, waiting);
    if (!told) progress.note(`${waiting.length} events wait for Stripe's retry`);
    await sleep(POLL_MS, undefined, { signal: bench.signal });
  }
}

/** Events that some endpoint has not taken and that the ledger does not know. */
async function resting(world: World, until: number): Promise<string[]> {
  const window = { types: [...HANDLED_EVENT_TYPES], since: until - RETRIES_SECONDS, until };
  const undelivered = await world.stripe.events.undelivered(window, MOST_EVENTS);
  if (undelivered.length === 0) return [];
  const { events } = await operate(world, 'get-events', { eventIds: undelivered.map(({ id }) => id) });
  const recorded = new Set(events.map(({ eventId }) => eventId));
  return undelivered.map(({ id }) => id).filter((id) => !recorded.has(id));
}

function eventsWait(old: readonly WebhookEndpoint[], waiting: readonly string[]): CachaoError {
  return new CachaoError({
    code: 'ROTATION_EVENTS_WAITING',
    message: `${waiting.length} event${waiting.length === 1 ? '' : 's'} of the last three days wait for Stripe's retry: ${waiting.slice(0, 5).join(', ')}${waiting.length > 5 ? ', …' : ''}.`,
    why: `Removing ${old.map(({ id }) => id).join(', ')} would end the retries. Both endpoints and both secrets stay in force.`,
    next: [
      'Deliver them now: cachao reconcile --apply. Then run the command again: it goes on from here.',
      'Or give the retries up: --abandon-retries.',
    ],
  });
}

/** Removes the old endpoints; what they sent last is still accepted for a while, then their secrets go too. */
export async function retire(
  bench: Bench,
  next: WebhookEndpoint,
  { old, secrets }: Pick<RotationState, 'old' | 'secrets'>,
  graceMs: number,
  progress: Progress,
): Promise<void> {
  for (const { id } of old) {
    await bench.stripe.webhookEndpoints.remove(id);
    progress.note(`removed ${id}`);
  }
  progress.note(`the old secret stays accepted for ${Math.round(graceMs / 1000)} s`);
  await sleep(graceMs, undefined, { signal: bench.signal });
  await storeSigningSecrets(
    bench,
    secrets.filter(({ endpointId }) => endpointId === next.id),
  );
  progress.note('dropped the old secret');
}
