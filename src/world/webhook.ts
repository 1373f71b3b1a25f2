import { createHmac } from 'node:crypto';
import { webhookSecretParameterName } from '../../handlers/contract/environment.js';
import { undefinedIfUnavailable } from '../core/errors.js';
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
  const [exact] = await pointingAt(world, endpoints, url);
  const ours = exact ?? endpoints[0];
  if (ours || world.settings.stack.managed) return ours;
  const all = await pointingAt(world, await world.stripe.webhookEndpoints.list(), url);
  return all.sort(
    (a, b) => Number(b.enabled) - Number(a.enabled) || a.createdAt.localeCompare(b.createdAt),
  )[0];
}

/** Of these, the endpoints whose URL reaches the deployed webhook. */
export async function pointingAt(
  world: World,
  endpoints: readonly WebhookEndpoint[],
  url: string | undefined,
): Promise<WebhookEndpoint[]> {
  const reach = await Promise.all(endpoints.map((endpoint) => pointsAt(world, endpoint, url)));
  return endpoints.filter((_, index) => reach[index]);
}

/**
 * Whether an endpoint's URL reaches the deployed webhook: scheme, host, region, API, stage and path are the same, or its
 * host is a domain name of the account that leads there.
 */
export async function pointsAt(
  world: World,
  { url }: Pick<WebhookEndpoint, 'url'>,
  deployed: string | undefined,
): Promise<boolean> {
  if (deployed === undefined || url === deployed) return url === deployed;
  const [named, wanted] = [world.apiOfUrl(url), world.apiOfUrl(deployed)];
  if (!wanted) return false;
  if (!named) return isMapped(world, url, wanted);
  return JSON.stringify(named) === JSON.stringify(wanted);
}

/** What cannot be looked at counts as leading elsewhere, and is told with its URL. */
async function isMapped(
  world: World,
  url: string,
  wanted: { apiId: string; stage: string; path: string },
): Promise<boolean> {
  const { protocol, port, hostname, pathname } = URL.canParse(url) ? new URL(url) : new URL('about:blank');
  // API Gateway serves its own names itself, and domain names over TLS alone.
  if (protocol !== 'https:' || port !== '' || hostname.endsWith('amazonaws.com')) return false;
  const mappings = (await undefinedIfUnavailable(world.apiGateway.domainMappings(hostname))) ?? [];
  // The longest base path that fits is the one that answers.
  const [mapping] = mappings
    .filter(({ basePath }) => `${pathname}/`.startsWith(`${basePath}/`))
    .sort((a, b) => b.basePath.length - a.basePath.length);
  if (mapping?.apiId !== wanted.apiId) return false;
  const rest = pathname.slice(mapping.basePath.length);
  return mapping.stage === null
    ? rest === `/${wanted.stage}${wanted.path}`
    : mapping.stage === wanted.stage && rest === wanted.path;
}

export interface StoredWebhookSecret {
  /** Newest first: one, or several during a rotation. */
  secrets: string[];
  /** The endpoints that the secrets belong to: written beside the value in the same call, so never out of step. */
  endpointIds: string[];
  /** Of the secret of each of those endpoints as it was when it was stored; null where that was not written down. */
  fingerprints: (string | null)[];
  secure: boolean;
  /** When it was last written. */
  storedAt: string | null;
}

/** The signing secrets in SSM; undefined when nothing is stored. */
export async function storedWebhookSecret(world: World): Promise<StoredWebhookSecret | undefined> {
  const name = webhookSecretParameterName(world.settings.stage);
  const [parameter, description] = await Promise.all([world.ssm.secret(name), world.ssm.description(name)]);
  if (!parameter) return undefined;
  const owners = ownersIn(description ?? '');
  return {
    secrets: parameter.value
      .reveal()
      .split(',')
      .map((secret) => secret.trim())
      .filter(Boolean),
    endpointIds: owners.map(({ endpointId }) => endpointId),
    fingerprints: owners.map(({ fingerprint }) => fingerprint),
    secure: parameter.type === 'SecureString',
    storedAt: parameter.modifiedAt,
  };
}

/** An endpoint, and the fingerprint of the secret that it signs with; null where it is not known. */
export interface SecretOwner {
  endpointId: string;
  fingerprint: string | null;
}

/** Names the endpoints that the stored secrets belong to, each with its secret's fingerprint. */
export function webhookSecretDescription(stage: string, owners: readonly SecretOwner[]): string {
  const named = owners.map(({ endpointId, fingerprint }) =>
    fingerprint === null ? endpointId : `${endpointId} [${fingerprint}]`,
  );
  return `Signing secret of Stripe webhook endpoint ${named.join(', ')} (cachao, stage ${stage})`;
}

function ownersIn(description: string): SecretOwner[] {
  return [...description.matchAll(/(we_\w+)(?: \[([0-9a-f]{16})\])?/g)].map(([, endpointId = '', mark]) => ({
    endpointId,
    fingerprint: mark ?? null,
  }));
}

/**
 * Tells whether a secret is the one that an endpoint signs with, and nothing else: keyed with the secret itself, over a
 * text that is no signed request, and cut short.
 */
export function secretFingerprint(endpointId: string, secret: string): string {
  return createHmac('sha256', secret).update(`cachao ${endpointId}`).digest('hex').slice(0, 16);
}

/** The stored secrets that are provably not those that their endpoints sign with. */
export function straySecrets({ secrets, endpointIds, fingerprints }: StoredWebhookSecret) {
  return secrets.flatMap((secret, index) => {
    const [endpointId, fingerprint] = [endpointIds[index], fingerprints[index]];
    const stray = endpointId && fingerprint && secretFingerprint(endpointId, secret) !== fingerprint;
    return stray ? [{ secret, endpointId }] : [];
  });
}

/** The other stage of this account whose signing secret it is; undefined where none is known to be. */
export async function stageOfSecret(world: World, secret: string): Promise<string | undefined> {
  const described = await world.ssm.descriptions('/cachao/');
  const found = described.find(({ description }) =>
    ownersIn(description).some(
      ({ endpointId, fingerprint }) =>
        fingerprint !== null && secretFingerprint(endpointId, secret) === fingerprint,
    ),
  );
  const stage = found && /^\/cachao\/([^/]+)\/stripe\/webhook-secret$/.exec(found.name)?.[1];
  return stage === world.settings.stage ? undefined : stage;
}

/** A signing secret as Stripe makes them; a pasted one may carry spaces or a line's end. */
export function isSigningSecret(secret: string): boolean {
  return /^whsec_[A-Za-z0-9+/=_-]{16,}$/.test(secret);
}
