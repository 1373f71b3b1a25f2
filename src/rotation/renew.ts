import { setTimeout as sleep } from 'node:timers/promises';
import { SECRET_REFRESH_MS } from '../../handlers/contract/environment.js';
import { createEndpointOnce, ownedBy, storeOrRemove } from '../checks/secret/mint-endpoint.js';
import { newEndpoint } from '../checks/stripe/webhook.js';
import type { Progress } from '../core/check.js';
import { CachaoError } from '../core/errors.js';
import type { WebhookEndpoint } from '../stripe/webhook-endpoints.js';
import type { Bench } from '../world/bench.js';
import { postSigned } from '../world/webhook-probe.js';
import type { RotationState } from './state.js';

/** A new endpoint must send something. This is not sent by an account without Sigma, and never often. */
const QUIET_EVENT = 'sigma.scheduled_query_run.created';
/** A running function may have asked SSM just before the secret was stored. */
const MARGIN_MS = 1_000;
const PROBE_PAUSES_MS = [500, 1_000, 2_000, 5_000, 10_000];

/**
 * Makes the endpoint that will stay, and stores its secret before the old one's. It sends nothing yet: what it sent
 * before every running function knows its secret would be refused.
 */
export async function makeQuietEndpoint(
  bench: Bench,
  { url, old, orphans, secrets }: RotationState,
  progress: Progress,
): Promise<WebhookEndpoint> {
  const { world } = bench;
  const { account } = await world.sts.callerIdentity();
  // The key names the endpoint that is replaced: the next rotation is another one.
  const key = `cachao:rotate:${account}:${world.settings.stage}:${old[0]?.id}`;
  const body = { ...(await newEndpoint(world, url)), enabledEvents: [QUIET_EVENT] };
  const minted = await createEndpointOnce(bench, body, key);
  for (const { id } of orphans) if (id !== minted.endpoint.id) await bench.stripe.webhookEndpoints.remove(id);
  await storeOrRemove(bench, minted, [
    ownedBy(minted),
    ...secrets.filter(({ endpointId }) => old.some(({ id }) => id === endpointId)),
  ]);
  progress.note(`${minted.endpoint.id}: signing secret stored beside the old one`);
  return minted.endpoint;
}

/**
 * Waits until every running function would accept the new secret, and proves it with a signed probe.
 * @throws CachaoError ROTATION_NOT_ACCEPTED
 */
export async function waitUntilAccepted(
  bench: Bench,
  url: string,
  secret: string,
  progress: Progress,
): Promise<void> {
  progress.note('waiting until every running function reads the new secret');
  await sleep(SECRET_REFRESH_MS + MARGIN_MS, undefined, { signal: bench.signal });
  let status = 0;
  for (const pause of [0, ...PROBE_PAUSES_MS]) {
    await sleep(pause, undefined, { signal: bench.signal });
    bench.world.forget();
    status = (await postSigned(bench.world, url, secret, 'rotation')).status;
    if (status === 200) {
      progress.note('a probe signed with the new secret is accepted');
      return;
    }
  }
  throw new CachaoError({
    code: 'ROTATION_NOT_ACCEPTED',
    message: `A probe signed with the new secret got ${status} from ${url}.`,
    why: 'The old endpoint and its secret stay in force until the new one is accepted, so no event is refused.',
    next: ["Look at the log of the webhook's function, then run the command again: it goes on from here."],
  });
}

/** From now on both endpoints send every event; the ledger makes one of two. */
export async function activate(
  bench: Bench,
  next: WebhookEndpoint,
  old: readonly WebhookEndpoint[],
  progress: Progress,
): Promise<void> {
  const wanted = await wantedEvents(bench, old, next);
  if (wanted.every((type) => next.enabledEvents.includes(type))) return;
  await bench.stripe.webhookEndpoints.update(next.id, { enabledEvents: wanted });
  progress.note(`${next.id} sends what ${old[0]?.id ?? 'the old one'} sends`);
}

/** What the old ones send, also what a person added there. */
async function wantedEvents(
  { world }: Bench,
  old: readonly WebhookEndpoint[],
  next: WebhookEndpoint,
): Promise<string[]> {
  const handled = (await newEndpoint(world, next.url)).enabledEvents;
  const types = new Set([...handled, ...old.flatMap(({ enabledEvents }) => enabledEvents)]);
  return types.has('*') ? ['*'] : [...types];
}
