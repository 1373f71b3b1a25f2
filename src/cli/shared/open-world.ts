import type { AwsSession } from '../../aws/session.js';
import type { Settings } from '../../config/settings.js';
import { CannotLookError } from '../../core/errors.js';
import type { Secret } from '../../core/secret.js';
import { StripeSession } from '../../stripe/session.js';
import { Bench, type Consent } from '../../world/bench.js';
import { type Choices, World } from '../../world/world.js';

export interface WorldSources {
  settings: Settings;
  aws: AwsSession;
  choices: Choices;
  stripeKey: Secret | undefined;
  databasePassword: Secret | undefined;
  environment: NodeJS.ProcessEnv;
  /** Where the package is: its build and its template. */
  root: string;
  version: string;
}

/** A stage's clouds, opened: the world to look at, and the bench to change it on. Makes no call yet. */
export interface OpenedWorld {
  world: World;
  bench(consent: Consent, signal: AbortSignal): Bench;
}

/** @throws STRIPE_KEY_SHAPE, STRIPE_API_BASE_INVALID: wrong usage shows at once, not as a finding. */
export function openWorld(sources: WorldSources): OpenedWorld {
  const { settings, aws, environment, version } = sources;
  const base = environment.STRIPE_API_BASE || undefined;
  const session = sources.stripeKey && new StripeSession(sources.stripeKey.reveal(), base, version);
  const stripe = () => {
    if (session) return session;
    throw keyMissing();
  };
  const world = new World({
    settings,
    choices: sources.choices,
    aws,
    stripe,
    databasePassword: sources.databasePassword,
    handlersDirectory: `${sources.root}/dist/handlers`,
    templateFile: `${sources.root}/infra/template.yaml`,
  });
  return { world, bench: (consent, signal) => new Bench(world, aws, stripe, consent, signal) };
}

function keyMissing(): CannotLookError {
  return new CannotLookError({
    code: 'STRIPE_KEY_MISSING',
    message: 'There is no Stripe key, so Stripe could not be asked.',
    next: [
      'Set STRIPE_API_KEY, or log in with the Stripe CLI (stripe login).',
      'Without any account: add --local.',
    ],
  });
}
