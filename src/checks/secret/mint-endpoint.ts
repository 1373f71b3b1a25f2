import { webhookSecretParameterName } from '../../../handlers/contract/environment.js';
import type { Progress } from '../../core/check.js';
import { CachaoError } from '../../core/errors.js';
import { Secret } from '../../core/secret.js';
import type { NewWebhookEndpoint, WebhookEndpoint } from '../../stripe/webhook-endpoints.js';
import type { Bench } from '../../world/bench.js';
import { awsTags } from '../../world/ownership.js';
import { webhookSecretDescription } from '../../world/webhook.js';

const MAXIMUM_ATTEMPTS = 20;

/**
 * Creates the endpoint and stores its signing secret, which Stripe shows only once, before anything else happens.
 * For 24 hours the same idempotency key gives the same endpoint and secret again, so a run that died between the
 * two is completed by the next. When the secret cannot be stored, the endpoint is removed.
 */
export async function mintEndpoint(
  bench: Bench,
  endpoint: NewWebhookEndpoint,
  progress: Progress,
): Promise<WebhookEndpoint> {
  const { world } = bench;
  const { account } = await world.sts.callerIdentity();
  for (let attempt = 0; attempt < MAXIMUM_ATTEMPTS; attempt++) {
    const key = `cachao:webhook:${account}:${endpoint.url}:${world.settings.stage}:${attempt}`;
    const minted = await createUnlessKeyWasOther(bench, endpoint, key);
    if (!minted) continue;
    const known = (await world.stripe.webhookEndpoints.list()).some(
      (listed) => listed.id === minted.endpoint.id,
    );
    // A replayed answer may speak of an endpoint that was deleted since.
    if (!known) continue;
    await storeOrRemove(bench, minted.endpoint, minted.signingSecret);
    progress.note(`${minted.endpoint.id}: signing secret stored in SSM`);
    return minted.endpoint;
  }
  throw new CachaoError({
    code: 'WEBHOOK_ATTEMPTS',
    message: `Stripe kept returning webhook endpoints that were deleted before, ${MAXIMUM_ATTEMPTS} times.`,
    next: ['Wait a day, or run setup with --no-webhook.'],
  });
}

async function createUnlessKeyWasOther(bench: Bench, endpoint: NewWebhookEndpoint, key: string) {
  try {
    return await bench.stripe.webhookEndpoints.create(endpoint, key);
  } catch (error) {
    if (error instanceof CachaoError && /idempoten/i.test(error.message)) return undefined;
    throw error;
  }
}

async function storeOrRemove(bench: Bench, endpoint: WebhookEndpoint, signingSecret: string): Promise<void> {
  const { settings } = bench.world;
  try {
    const name = webhookSecretParameterName(settings.stage);
    const stored = await bench.world.ssm.secret(name);
    // The type of what stands there cannot be changed, and its secret is about to be worth nothing.
    const plain = stored !== undefined && stored.type !== 'SecureString';
    await bench.ssm[plain ? 'replaceWithSecret' : 'putSecret'](
      name,
      new Secret(signingSecret),
      webhookSecretDescription(settings.stage, [endpoint.id]),
      awsTags(settings),
    );
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
