import { hide, Secret } from '../core/secret.js';
import { keyOfStripeCli } from './stripe-cli-profile.js';

/** A secret, and where it was found. */
export interface FoundSecret {
  secret: Secret;
  /** For people: "STRIPE_API_KEY", "the Stripe CLI's profile". */
  source: string;
}

/** Variables whose values must never be seen in any output. */
const SECRET_VARIABLES = [
  'STRIPE_API_KEY',
  'CACHAO_DATABASE_PASSWORD',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
] as const;

/** The Stripe key: `STRIPE_API_KEY`, else the Stripe CLI's own profile. Undefined: it has to be asked for. */
export async function stripeKey(
  mode: 'test' | 'live',
  environment: NodeJS.ProcessEnv,
): Promise<FoundSecret | undefined> {
  const given = environment.STRIPE_API_KEY?.trim();
  if (given) return { secret: new Secret(given), source: 'STRIPE_API_KEY' };
  const key = await keyOfStripeCli(mode, environment);
  return key === undefined ? undefined : { secret: new Secret(key), source: "the Stripe CLI's profile" };
}

/** The database password: `CACHAO_DATABASE_PASSWORD`. Undefined: it has to be asked for. Empty is a password too. */
export function databasePassword(environment: NodeJS.ProcessEnv): FoundSecret | undefined {
  const given = environment.CACHAO_DATABASE_PASSWORD;
  return given === undefined ? undefined : { secret: new Secret(given), source: 'CACHAO_DATABASE_PASSWORD' };
}

/** Makes the output hide the environment's secrets, before anything can print them. */
export function hideSecretsOf(environment: NodeJS.ProcessEnv): void {
  for (const variable of SECRET_VARIABLES) hide(environment[variable]);
}
