import { webhookSecretParameterName } from '../../../handlers/contract/environment.js';
import { fingerprint } from '../../../handlers/contract/fingerprint.js';
import type { Progress } from '../../core/check.js';
import { undefinedIfUnavailable } from '../../core/errors.js';
import { fail, pass, skipped, type Verdict } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import type { WebhookEndpoint } from '../../stripe/webhook-endpoints.js';
import type { Bench } from '../../world/bench.js';
import { readDeliveries } from '../../world/handler-logs.js';
import { probe } from '../../world/operations.js';
import { isOurs } from '../../world/ownership.js';
import { PATH_ACTIONS } from '../../world/payment-path.js';
import { TAKEN_TYPES_ACTIONS } from '../../world/taken-types.js';
import {
  isSigningSecret,
  ourEndpoint,
  type StoredWebhookSecret,
  stageOfSecret,
  storedWebhookSecret,
  straySecrets,
  webhookUrl,
} from '../../world/webhook.js';
import type { World } from '../../world/world.js';
import { newEndpoint } from '../stripe/webhook.js';
import type { PathCheck } from '../types.js';
import { MINT_ACTIONS, mintEndpoint } from './mint-endpoint.js';

export const webhookSecret: PathCheck = {
  ...requirement('secret.webhook'),
  needs: ['stripe.webhook'],
  iam: [
    ...PATH_ACTIONS,
    'ssm:GetParameter',
    'ssm:DescribeParameters',
    'lambda:InvokeFunction',
    'logs:FilterLogEvents',
  ],
  stripe: ['webhook_read'],
  fixIam: [...MINT_ACTIONS, ...TAKEN_TYPES_ACTIONS],
  fixStripe: ['webhook_write'],
  async inspect(world) {
    if (!world.settings.webhook) return skipped('the stage has no webhook');
    const [stored, endpoint] = await Promise.all([storedWebhookSecret(world), ourEndpoint(world)]);
    const name = webhookSecretParameterName(world.settings.stage);
    if (endpoint && !isOurs(endpoint.metadata, world.settings))
      return skipped(`${endpoint.id} was made by a person, and only the handler knows its signing secret`);
    const wrong = storedWrongly(stored, endpoint?.id, name);
    if (wrong || !stored) return wrong ?? missing(name);
    const stray = (await straySecret(world, stored)) && (await strayVerdict(world, stored, name));
    if (stray) return stray;
    if (!world.settings.stack.managed)
      return pass(`${name} belongs to ${endpoint?.id}; the handler has to read it from there`);
    const seen = await probe(world);
    const wanted = stored.secrets.map(fingerprint);
    const used = seen.webhookSecretFingerprints;
    if (seen.webhookSecretError)
      return fail(`the handler cannot read ${name}: ${seen.webhookSecretError}`, { remedy: redeploy });
    if (wanted.every((one) => used.includes(one)))
      return pass(`${name} belongs to ${endpoint?.id} and the handler uses it (fingerprint ${wanted[0]})`, {
        evidence: [{ label: 'signing secret', value: knownAs(stored) }],
      });
    return fail('the handler uses another secret than the one that is stored', {
      expected: wanted.join(', '),
      actual: used.join(', ') || 'none',
      remedy: redeploy,
    });
  },
  fixLeaves:
    'a handler that cannot read the parameter, or holds another secret: a deployment does (cachao setup)',
  async fix(world) {
    if (!world.settings.webhook || !(await needsAnother(world))) return [];
    const endpoint = await ourEndpoint(world);
    return [
      {
        check: 'secret.webhook',
        action: 'replace',
        resource: 'webhook signing secret',
        name: webhookSecretParameterName(world.settings.stage),
        details: [
          `the secret of ${endpoint?.id ?? 'the endpoint'} is not known and cannot be read from Stripe: a new endpoint takes its place`,
        ],
        apply: (bench, progress) => replaceEndpoint(bench, endpoint, progress),
      },
    ];
  },
};

async function replaceEndpoint(
  bench: Bench,
  old: WebhookEndpoint | undefined,
  progress: Progress,
): Promise<void> {
  const url = await webhookUrl(bench.world);
  if (!url) return;
  const minted = await mintEndpoint(bench, await newEndpoint(bench.world, url), progress);
  if (old && old.id !== minted.id) await bench.stripe.webhookEndpoints.remove(old.id);
}

/** What is told of the stored secret beside the endpoint's name. */
function knownAs({ fingerprints, secrets }: StoredWebhookSecret): string {
  return secrets.every((_, index) => fingerprints[index])
    ? 'as it was when the endpoint was made'
    : 'stored without a fingerprint, so only traffic tells whether Stripe signs with it; cachao rotate-secret writes one down';
}

/** A function may go on with the secret that it read before, for so long. */
const OLD_SECRET_MS = 6 * 60_000;

/**
 * The stored secret that its endpoint does not sign with. One that a person rolled in the Dashboard and stored by hand
 * is right all the same: then deliveries that were verified since say so.
 */
async function straySecret(world: World, stored: StoredWebhookSecret): Promise<string | undefined> {
  const [stray] = straySecrets(stored);
  if (!stray) return undefined;
  const settled = Date.parse(stored.storedAt ?? '') + OLD_SECRET_MS;
  if (!(settled < Date.now())) return stray.secret;
  const verified = await undefinedIfUnavailable(readDeliveries(world, 'webhook', new Date(settled)));
  return verified?.length ? undefined : stray.secret;
}

async function strayVerdict(world: World, stored: StoredWebhookSecret, name: string): Promise<Verdict> {
  const [stray] = straySecrets(stored);
  const other = stray && (await stageOfSecret(world, stray.secret));
  return fail(
    other
      ? `${name} holds the signing secret of stage ${other}: ${stray?.endpointId} signs with another`
      : `${name} holds another signing secret than the one that ${stray?.endpointId} signs with`,
    {
      expected: `the secret of ${stray?.endpointId}, as it was when the endpoint was made`,
      actual: other ? `the secret of stage ${other}` : 'another secret',
      evidence: [...(stored.storedAt ? [{ label: 'stored at', value: stored.storedAt }] : [])],
      remedy: {
        text: 'The function refuses whatever Stripe signs. Replace this endpoint with a new one, whose secret is stored immediately; then deliver what was refused.',
        commands: ['cachao setup', 'cachao reconcile --apply'],
        fixable: true,
      },
    },
  );
}

const redeploy = {
  text: "The handler's configuration does not agree with what is stored: deploy again.",
  commands: ['cachao setup'],
  fixable: false,
};

function missing(name: string): Verdict {
  return fail(`${name} does not exist`, {
    expected: 'a SecureString with the signing secret',
    actual: 'nothing',
    remedy: {
      text: 'Let setup make an endpoint whose secret it can store.',
      commands: ['cachao setup'],
      fixable: true,
    },
  });
}

function storedWrongly(
  stored: StoredWebhookSecret | undefined,
  endpointId: string | undefined,
  name: string,
): Verdict | undefined {
  if (!stored) return missing(name);
  const remedy = {
    text: 'Let setup make an endpoint whose secret it can store.',
    commands: ['cachao setup'],
    fixable: true,
  };
  if (!stored.secure)
    return fail(`${name} is not a SecureString`, { expected: 'SecureString', actual: 'String', remedy });
  if (stored.secrets.length === 0 || !stored.secrets.every(isSigningSecret))
    return fail(`${name} does not hold a signing secret (whsec_…)`, {
      expected: 'whsec_…',
      actual: 'another text',
      remedy,
    });
  if (endpointId && !stored.endpointIds.includes(endpointId))
    return fail(
      `${name} holds the secret of ${stored.endpointIds.join(', ') || 'an unknown endpoint'}, not of ${endpointId}`,
      {
        expected: endpointId,
        actual: stored.endpointIds.join(', ') || 'unknown',
        remedy,
      },
    );
  return undefined;
}

async function needsAnother(world: World): Promise<boolean> {
  const [stored, endpoint] = await Promise.all([storedWebhookSecret(world), ourEndpoint(world)]);
  // What a person made is not ours to replace.
  if (!endpoint || !isOurs(endpoint.metadata, world.settings)) return false;
  if (!stored || storedWrongly(stored, endpoint.id, '')) return true;
  return (await straySecret(world, stored)) !== undefined;
}
