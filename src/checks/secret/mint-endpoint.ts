import { webhookSecretParameterName } from '../../../handlers/contract/environment.js';
import type { Progress } from '../../core/check.js';
import { CachaoError } from '../../core/errors.js';
import { Secret } from '../../core/secret.js';
import type { NewWebhookEndpoint, WebhookEndpoint } from '../../stripe/webhook-endpoints.js';
import type { Bench } from '../../world/bench.js';
import { awsTags } from '../../world/ownership.js';
import { type SecretOwner, secretFingerprint, webhookSecretDescription } from '../../world/webhook.js';

/** IAM actions of minting an endpoint and storing its secret. */
export const MINT_ACTIONS: readonly string[] = [
  'sts:GetCallerIdentity',
  'ssm:GetParameter',
  'ssm:PutParameter',
  'ssm:DeleteParameter',
  'ssm:AddTagsToResource',
];

const MAXIMUM_ATTEMPTS = 20;

export interface Minted {
  endpoint: WebhookEndpoint;
  signingSecret: string;
}

/**
 * Creates the endpoint and stores its signing secret, which Stripe shows only once, before anything else happens.
 * When the secret cannot be stored, the endpoint is removed.
 */
export async function mintEndpoint(
  bench: Bench,
  endpoint: NewWebhookEndpoint,
  progress: Progress,
): Promise<WebhookEndpoint> {
  const { world } = bench;
  const { account } = await world.sts.callerIdentity();
  const minted = await createEndpointOnce(
    bench,
    endpoint,
    `cachao:webhook:${account}:${endpoint.url}:${world.settings.stage}`,
  );
  await storeOrRemove(bench, minted, [ownedBy(minted)]);
  progress.note(`${minted.endpoint.id}: signing secret stored in SSM`);
  return minted.endpoint;
}

/**
 * Creates the endpoint once. For 24 hours the same idempotency key gives the same endpoint and secret again, so a run
 * that died before it stored the secret is completed by the next. An endpoint that was deleted since counts as none.
 */
export async function createEndpointOnce(
  bench: Bench,
  endpoint: NewWebhookEndpoint,
  key: string,
): Promise<Minted> {
  for (let attempt = 0; attempt < MAXIMUM_ATTEMPTS; attempt++) {
    const minted = await createUnlessKeyWasOther(bench, endpoint, `${key}:${attempt}`);
    if (!minted) continue;
    // A replayed answer may speak of an endpoint that was deleted since.
    const listed = await bench.world.stripe.webhookEndpoints.list();
    if (listed.some(({ id }) => id === minted.endpoint.id)) return minted;
  }
  throw new CachaoError({
    code: 'WEBHOOK_ATTEMPTS',
    message: `Stripe kept returning webhook endpoints that were deleted before, ${MAXIMUM_ATTEMPTS} times.`,
    next: ['Wait a day, or run setup with --no-webhook.'],
  });
}

async function createUnlessKeyWasOther(
  bench: Bench,
  endpoint: NewWebhookEndpoint,
  key: string,
): Promise<Minted | undefined> {
  try {
    return await bench.stripe.webhookEndpoints.create(endpoint, key);
  } catch (error) {
    if (error instanceof CachaoError && /idempoten/i.test(error.message)) return undefined;
    throw error;
  }
}

/** A stored secret, and the endpoint that it should be of: the fingerprint is that of the secret it signs with. */
export interface OwnedSecret extends SecretOwner {
  secret: string;
}

/** Straight from Stripe, so it is the one that the endpoint signs with. */
export function ownedBy({ endpoint: { id }, signingSecret }: Minted): OwnedSecret {
  return { secret: signingSecret, endpointId: id, fingerprint: secretFingerprint(id, signingSecret) };
}

/** Stores the secrets that the webhook accepts, newest first, naming their endpoints in the same call. */
export async function storeSigningSecrets(bench: Bench, secrets: readonly OwnedSecret[]): Promise<void> {
  const { settings } = bench.world;
  const name = webhookSecretParameterName(settings.stage);
  const stored = await bench.world.ssm.secret(name);
  // The type of what stands there cannot be changed, and its secret is about to be worth nothing.
  const plain = stored !== undefined && stored.type !== 'SecureString';
  await bench.ssm[plain ? 'replaceWithSecret' : 'putSecret'](
    name,
    new Secret(secrets.map(({ secret }) => secret).join(',')),
    webhookSecretDescription(settings.stage, secrets),
    awsTags(settings),
  );
}

/** The same for an endpoint that was just made: it is removed again when its secret cannot be stored. */
export async function storeOrRemove(
  bench: Bench,
  { endpoint }: Minted,
  secrets: readonly OwnedSecret[],
): Promise<void> {
  try {
    await storeSigningSecrets(bench, secrets);
  } catch (error) {
    await bench.stripe.webhookEndpoints.remove(endpoint.id);
    throw new CachaoError({
      code: 'WEBHOOK_SECRET_NOT_STORED',
      message: `The signing secret of ${endpoint.id} could not be stored in SSM, so the endpoint was removed again: ${(error as Error).message}`,
      why: 'Stripe shows a signing secret only once; an endpoint whose secret nobody has can never be verified.',
      next:
        error instanceof CachaoError && error.next.length > 0
          ? [...error.next]
          : ['Put right what SSM refused, then run the command again.'],
      cause: error,
    });
  }
}
