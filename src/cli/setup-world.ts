import { databaseParameterName } from '../../handlers/contract/environment.js';
import type { Configuration } from '../config/complete.js';
import { refusePassword } from '../config/database-url.js';
import { saveAnswers } from '../config/save-answers.js';
import { databasePassword, stripeKey } from '../config/secrets.js';
import { AnswersNeededError, type MissingAnswer } from '../core/errors.js';
import type { Secret } from '../core/secret.js';
import type { Prompts } from '../output/prompts.js';
import { readKeyShape } from '../stripe/key.js';
import { DEFAULT_CHOICES, type World } from '../world/world.js';
import type { ConfigureOptions } from './configuration.js';
import { type OpenedWorld, openWorld } from './open-world.js';

export interface SetupWorldOptions {
  root: string;
  version: string;
  flags: {
    yes: boolean;
    local: boolean;
    'dry-run': boolean;
    'adopt-destination'?: string | undefined;
    'create-shop-tables': boolean;
    'source-timeout'?: number | undefined;
  };
  prompts: Prompts;
  configure(options: ConfigureOptions): Promise<Configuration>;
}

type Settings = Configuration['settings'];

const STRIPE_KEY: MissingAnswer = {
  what: 'Stripe key',
  flag: '`stripe login`',
  variable: 'STRIPE_API_KEY',
  why: 'cachao looks at and sets up your Stripe account with it',
};
const DATABASE: MissingAnswer = {
  what: 'orders database',
  flag: '--database',
  variable: 'CACHAO_DATABASE',
  why: 'the handlers mark the order paid there; without its password: mysql://user@host:3306/shop',
};
const PASSWORD: MissingAnswer = {
  what: "the database's password",
  flag: 'a prompt on a terminal',
  variable: 'CACHAO_DATABASE_PASSWORD',
  why: 'it is stored as an encrypted SSM parameter, for the functions',
};

/**
 * Gathers every answer that setup needs before it changes anything: settings (saved at once), the Stripe key, the
 * database and its password. Where nobody can be asked, all that is missing is named at once. A dry run asks nothing.
 */
export async function openSetupWorld(options: SetupWorldOptions): Promise<OpenedWorld> {
  const { prompts } = options;
  const dryRun = options.flags['dry-run'];
  const { settings, file, missing } = await configured(options);
  const key = await stripeKey(settings?.mode ?? 'test', process.env);
  const password = databasePassword(process.env)?.secret;
  if (!settings)
    throw new AnswersNeededError([
      ...missing,
      ...(key ? [] : [STRIPE_KEY]),
      ...missingDatabase(null, password),
    ]);
  if (!key && !dryRun && !prompts.possible)
    throw new AnswersNeededError([
      STRIPE_KEY,
      ...(settings.stack.managed ? missingDatabase(settings.database, password) : []),
    ]);
  const secret = key?.secret ?? (dryRun ? undefined : await askForKey(prompts));
  const opened = open(options, settings, secret, password);
  // What somebody else's functions read, and from where, is theirs.
  if (!settings.stack.managed) return opened;
  // What an earlier run stored needs no asking.
  if (dryRun || (settings.database && password) || (await isStored(opened.world))) return opened;
  prompts.require(missingDatabase(settings.database, password));
  const database = settings.database ?? (await askForDatabase(prompts, settings.stage, file));
  return open(
    options,
    { ...settings, database },
    secret,
    password ?? (await prompts.secret({ ...PASSWORD, name: 'password' })),
  );
}

function open(
  { root, version, flags }: SetupWorldOptions,
  settings: Settings,
  stripeSecret: Secret | undefined,
  password: Secret | undefined,
): OpenedWorld {
  return openWorld({
    settings,
    choices: {
      ...DEFAULT_CHOICES,
      adoptDestination: flags['adopt-destination'] ?? null,
      createShopTables: flags['create-shop-tables'] || flags.local,
      sourcePatienceMs: flags['source-timeout'] ?? null,
      repairs: !flags['dry-run'],
    },
    stripeKey: stripeSecret,
    databasePassword: password,
    environment: process.env,
    root,
    version,
  });
}

async function configured({ flags, configure }: SetupWorldOptions): Promise<{
  settings?: Settings;
  file: string | null;
  missing: readonly MissingAnswer[];
}> {
  const dryRun = flags['dry-run'];
  try {
    const ask = dryRun || flags.local ? [] : (['region', 'currency', 'email'] as const);
    const { settings, file } = await configure({ stageMayBeNew: true, ask, save: !dryRun });
    return { settings, file, missing: [] };
  } catch (error) {
    // Kept, so that what else is missing is told in the same breath.
    if (error instanceof AnswersNeededError) return { file: null, missing: error.missing };
    throw error;
  }
}

function missingDatabase(database: string | null, password: Secret | undefined): MissingAnswer[] {
  return [...(database ? [] : [DATABASE]), ...(password ? [] : [PASSWORD])];
}

/** Asks, and saves the answer at once: a run that is cut short asks nothing twice. */
async function askForDatabase(prompts: Prompts, stage: string, file: string | null): Promise<string> {
  const check = (answer: string) => refusePassword(answer)?.message;
  const { database = '' } = await prompts.ask([{ ...DATABASE, name: 'database', check }]);
  await saveAnswers({ path: file, cwd: process.cwd() }, stage, { database });
  return database;
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
