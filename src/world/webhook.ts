import { webhookSecretParameterName } from '../../handlers/contract/environment.js';
import { apiOfUrl } from '../aws/api-gateway.js';
import type { WebhookEndpoint } from '../stripe/webhook-endpoints.js';
import { isOurs } from './ownership.js';
import { paymentPath } from './payment-path.js';
import type { World } from './world.js';

/** The deployed webhook's URL; undefined while the stack, or its webhook, is not there. */
export async function webhookUrl(world: World): Promise<string | undefined> {
  const api = (await paymentPath(world))?.api;
  return api && world.executeApiUrl(api.id, api.stage, api.path);
}

/** Our endpoints on Stripe: this stage's metadata, whatever URL they point at. */
export async function ourEndpoints(world: World): Promise<WebhookEndpoint[]> {
  const ours = (await world.stripe.webhookEndpoints.list()).filter((endpoint) =>
    isOurs(endpoint.metadata, world.settings),
  );
  return ours.sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id));
}

/**
 * The endpoint on the deployed URL, or the one of ours that should be moved there. Beside a stack of somebody else's it
 * may be theirs: a second on the same URL would deliver everything twice.
 */
export async function ourEndpoint(world: World): Promise<WebhookEndpoint | undefined> {
  const [url, endpoints] = await Promise.all([webhookUrl(world), ourEndpoints(world)]);
  const ours = endpoints.find((endpoint) => pointsAt(endpoint, url)) ?? endpoints[0];
  if (ours || world.settings.stack.managed) return ours;
  const all = await world.stripe.webhookEndpoints.list();
  return all
    .filter((endpoint) => pointsAt(endpoint, url))
    .sort((a, b) => Number(b.enabled) - Number(a.enabled) || a.createdAt.localeCompare(b.createdAt))[0];
}

/** Whether an endpoint's URL reaches the API that another URL names, however it is written. */
export function pointsAt(endpoint: WebhookEndpoint, url: string | undefined): boolean {
  if (url === undefined || endpoint.url === url) return endpoint.url === url;
  const [one, other] = [apiOfUrl(endpoint.url), apiOfUrl(url)];
  return (
    one !== undefined &&
    other !== undefined &&
    one.apiId === other.apiId &&
    one.stage === other.stage &&
    one.path === other.path
  );
}

export interface StoredWebhookSecret {
  /** Newest first: one, or several during a rotation. */
  secrets: string[];
  /** The endpoints that the secrets belong to: written beside the value in the same call, so never out of step. */
  endpointIds: string[];
  secure: boolean;
  /** When it was last written. */
  storedAt: string | null;
}

/** The signing secrets in SSM; undefined when nothing is stored. */
export async function storedWebhookSecret(world: World): Promise<StoredWebhookSecret | undefined> {
  const name = webhookSecretParameterName(world.settings.stage);
  const [parameter, description] = await Promise.all([world.ssm.secret(name), world.ssm.description(name)]);
  if (!parameter) return undefined;
  return {
    secrets: parameter.value
      .reveal()
      .split(',')
      .map((secret) => secret.trim())
      .filter(Boolean),
    endpointIds: (description ?? '').match(/we_\w+/g) ?? [],
    secure: parameter.type === 'SecureString',
    storedAt: parameter.modifiedAt,
  };
}

/** Names the endpoints that the stored secrets belong to. */
export function webhookSecretDescription(stage: string, endpointIds: readonly string[]): string {
  return `Signing secret of Stripe webhook endpoint ${endpointIds.join(', ')} (cachao, stage ${stage})`;
}

/** A signing secret as Stripe makes them; a pasted one may carry spaces or a line's end. */
export function isSigningSecret(secret: string): boolean {
  return /^whsec_[A-Za-z0-9+/=_-]{16,}$/.test(secret);
}
