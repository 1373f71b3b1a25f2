import { databaseParameterName } from '../../handlers/contract/environment.js';
import type { Configuration } from '../config/complete.js';
import { databasePassword, stripeKey } from '../config/secrets.js';
import { AnswersNeededError, type MissingAnswer } from '../core/errors.js';
import type { Secret } from '../core/secret.js';
import type { Prompts } from '../output/prompts.js';
import { readKeyShape } from '../stripe/key.js';
import type { World } from '../world/world.js';
import type { ConfigureOptions } from './configuration.js';
import { type OpenedWorld, openWorld } from './open-world.js';

interface SetupFlags {
  yes: boolean;
  local: boolean;
  'dry-run': boolean;
  'adopt-destination'?: string | undefined;
  'create-shop-tables': boolean;
  'source-timeout'?: number | undefined;
}

const STRIPE_KEY: MissingAnswer = {
  what: 'Stripe key',
  flag: 'the environment (never a flag)',
  variable: 'STRIPE_API_KEY',
  why: 'without it Stripe cannot be asked; or log in with the Stripe CLI',
};
const DATABASE: MissingAnswer = {
  what: 'orders database',
  flag: '--database',
  variable: 'CACHAO_DATABASE',
  why: 'the handlers mark the order paid there; without its password: mysql://user@host:3306/shop',
};
const PASSWORD: MissingAnswer = {
  what: "the database's password",
  flag: 'the environment (never a flag)',
  variable: 'CACHAO_DATABASE_PASSWORD',
  why: 'it is stored as a SecureString, for the functions alone',
};

/**
 * Gathers every answer that setup needs before it calls anything: settings (saved at once), the Stripe key, the
 * database and its password. Where nobody can be asked, all that is missing is named at once.
 */
export async function openSetupWorld(
  packageOf: { root: string; version: string },
  flags: SetupFlags,
  prompts: Prompts,
  configure: (options: ConfigureOptions & { acceptDefaults: boolean }) => Promise<Configuration>,
): Promise<OpenedWorld> {
  const dryRun = flags['dry-run'];
  const configuration = await configured(configure, flags);
  const missing = [...configuration.missing];
  const { settings } = configuration;
  const key = await stripeKey(settings?.mode ?? 'test', process.env);
  if (!key && !prompts.possible && !dryRun) missing.push(STRIPE_KEY);
  const password = databasePassword(process.env)?.secret;
  if (missing.length > 0)
    throw new AnswersNeededError(withDatabase(missing, settings?.database ?? process.env.CACHAO_DATABASE));
  if (!settings) throw new Error('settings are missing, and nothing says so');
  const secret = key?.secret ?? (dryRun ? undefined : await askForKey(prompts));
  const open = (databaseUrl: string | null, databaseSecret: Secret | undefined) =>
    openWorld({
      settings: { ...settings, database: databaseUrl },
      choices: {
        adoptDestination: flags['adopt-destination'] === 'none' ? null : (flags['adopt-destination'] ?? null),
        createShopTables: flags['create-shop-tables'] || flags.local,
        sourcePatienceMs: flags['source-timeout'] ?? null,
      },
      stripeKey: secret,
      databasePassword: databaseSecret,
      environment: process.env,
      root: packageOf.root,
      version: packageOf.version,
    });
  const opened = open(settings.database, password);
  if (dryRun || (settings.database && password)) return opened;
  // What an earlier run stored needs no asking.
  if (await isStored(opened.world)) return opened;
  const wanted = [...(settings.database ? [] : [DATABASE]), ...(password ? [] : [PASSWORD])];
  prompts.require(wanted);
  const url = settings.database ?? (await prompts.ask([{ ...DATABASE, name: 'database' }])).database ?? null;
  return open(url, password ?? (await prompts.secret({ ...PASSWORD, name: 'password' })));
}

async function configured(
  configure: (options: ConfigureOptions & { acceptDefaults: boolean }) => Promise<Configuration>,
  flags: SetupFlags,
): Promise<{ settings: Configuration['settings'] | undefined; missing: readonly MissingAnswer[] }> {
  const dryRun = flags['dry-run'];
  try {
    const { settings } = await configure({
      stageMayBeNew: true,
      ask: dryRun ? [] : ['region', 'currency', 'email'],
      save: !dryRun,
      acceptDefaults: flags.yes || flags.local || dryRun,
    });
    return { settings, missing: [] };
  } catch (error) {
    // Kept, so that what else is missing is told in the same breath.
    if (error instanceof AnswersNeededError) return { settings: undefined, missing: error.missing };
    throw error;
  }
}

function withDatabase(missing: MissingAnswer[], database: string | undefined): MissingAnswer[] {
  return database
    ? missing
    : [...missing, DATABASE, ...(process.env.CACHAO_DATABASE_PASSWORD === undefined ? [PASSWORD] : [])];
}

async function isStored(world: World): Promise<boolean> {
  try {
    return (await world.ssm.secret(databaseParameterName(world.settings.stage))) !== undefined;
  } catch {
    // Whatever is in the way shows as a finding, with its reason.
    return true;
  }
}

function askForKey(prompts: Prompts): Promise<Secret> {
  return prompts.secret({
    ...STRIPE_KEY,
    name: 'stripeKey',
    check: (answer) => {
      try {
        readKeyShape(answer);
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    },
  });
}
