import type { OwnedSecret } from '../checks/secret/mint-endpoint.js';
import { CachaoError } from '../core/errors.js';
import type { WebhookEndpoint } from '../stripe/webhook-endpoints.js';
import {
  isSigningSecret,
  ourEndpoints,
  type StoredWebhookSecret,
  secretFingerprint,
  storedWebhookSecret,
  webhookUrl,
} from '../world/webhook.js';
import type { World } from '../world/world.js';

/** Stripe has no more than this many endpoints in a mode (FACTS-STRIPE §2.1). */
const MOST_ENDPOINTS = 16;

/** Where a rotation stands, told from what is on Stripe and in SSM alone. */
export interface RotationState {
  url: string;
  /** The endpoint that stays in the end; undefined: it has to be made. */
  next: WebhookEndpoint | undefined;
  /** Those that go, with a secret that is accepted. The first is what a new one is made like. */
  old: WebhookEndpoint[];
  /** Of an interrupted run: made, and nobody has its secret. */
  orphans: WebhookEndpoint[];
  /** What is accepted now, newest first. */
  secrets: OwnedSecret[];
}

/** @throws CachaoError ROTATION_NOT_POSSIBLE, WEBHOOK_LIMIT */
export async function readRotation(world: World): Promise<RotationState> {
  if (!world.settings.webhook) throw impossible('the stage has no webhook', 'Nothing needs to be rotated.');
  const [url, stored, endpoints] = await Promise.all([
    webhookUrl(world),
    storedWebhookSecret(world),
    ourEndpoints(world),
  ]);
  if (!url) throw impossible('the stack has no webhook yet');
  const here = endpoints.filter((endpoint) => endpoint.url === url);
  const secrets = stored ? ownedSecrets(stored) : [];
  const named = secrets.flatMap(({ endpointId }) => here.find(({ id }) => id === endpointId) ?? []);
  const [newest] = named;
  if (!stored?.secure || !newest || secrets.length !== stored.secrets.length)
    throw impossible('no endpoint of this stage has its secret stored');
  const orphans = here.filter((endpoint) => !named.includes(endpoint));
  // Two accepted secrets are a rotation under way; the newest of which the endpoint was lost is begun anew.
  const underWay = secrets.length > 1 && newest.id === secrets[0]?.endpointId;
  if (!underWay && orphans.length === 0) await leaveRoom(world);
  return {
    url,
    next: underWay ? newest : undefined,
    old: underWay ? named.slice(1) : named,
    orphans,
    secrets,
  };
}

/** The stored secrets that are well-formed, each with the endpoint beside it. */
export function ownedSecrets({ secrets, endpointIds, fingerprints }: StoredWebhookSecret): OwnedSecret[] {
  return secrets.flatMap((secret, index) => {
    const endpointId = endpointIds[index];
    return endpointId !== undefined && isSigningSecret(secret)
      ? [{ secret, endpointId, fingerprint: fingerprints[index] ?? null }]
      : [];
  });
}

/** Whether the secret is provably not the one that its endpoint signs with: that one is lost, and nothing it sends is taken. */
export function isStray({ secret, endpointId, fingerprint }: OwnedSecret): boolean {
  return fingerprint !== null && secretFingerprint(endpointId, secret) !== fingerprint;
}

/** The new endpoint stands beside the old one for a while. */
async function leaveRoom(world: World): Promise<void> {
  const endpoints = await world.stripe.webhookEndpoints.list();
  if (endpoints.length < MOST_ENDPOINTS) return;
  const disabled = endpoints.filter(({ enabled }) => !enabled).map(({ id, url }) => `${id} (${url})`);
  throw new CachaoError({
    code: 'WEBHOOK_LIMIT',
    message: `The account has ${endpoints.length} webhook endpoints, and Stripe allows ${MOST_ENDPOINTS}: the new one finds no place beside the old one.`,
    why: 'Without both at once, events would be refused while the secret changes.',
    next: [
      disabled.length > 0
        ? `Delete one that is disabled at https://dashboard.stripe.com/webhooks: ${disabled.join(', ')}.`
        : 'Delete an unused one at https://dashboard.stripe.com/webhooks.',
      'Then run the command again.',
    ],
  });
}

function impossible(what: string, next = 'Run cachao setup: it makes the endpoint and stores its secret.') {
  return new CachaoError({
    code: 'ROTATION_NOT_POSSIBLE',
    message: `There is no signing secret to rotate: ${what}.`,
    next: [next],
  });
}
