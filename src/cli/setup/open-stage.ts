import type { Configuration } from '../../config/complete.js';
import { databasePassword, stripeKey } from '../../config/secrets.js';
import { AnswersNeededError, type MissingAnswer } from '../../core/errors.js';
import type { Secret } from '../../core/secret.js';
import { readKeyShape } from '../../stripe/key.js';
import type { Prompts } from '../../terminal/prompts.js';
import { type Choices, DEFAULT_CHOICES } from '../../world/world.js';
import type { CliContext } from '../shared/context.js';
import { openAws } from '../shared/open-aws.js';
import { type OpenedWorld, openWorld } from '../shared/open-world.js';
import { askForDatabase, missingDatabase, wantedAnswers } from './database-answers.js';

export interface SetupFlags {
  yes: boolean;
  local: boolean;
  'dry-run': boolean;
  'adopt-destination'?: string | undefined;
  'create-shop-tables': boolean;
  'source-timeout'?: number | undefined;
}

/** The world that setup works on, and what a dry run would still have to ask. */
export interface OpenedSetup extends OpenedWorld {
  unanswered: readonly MissingAnswer[];
}

type Settings = Configuration['settings'];

const STRIPE_KEY: MissingAnswer = {
  what: 'Stripe key',
  flag: '`stripe login`',
  variable: 'STRIPE_API_KEY',
  why: 'cachao looks at and sets up your Stripe account with it',
};
/**
 * Gathers every answer that setup needs before it changes anything: settings (saved at once), the Stripe key, the
 * database and its password. Where nobody can be asked, all that is missing is named at once. A dry run asks nothing.
 */
export async function openSetupStage(context: CliContext, flags: SetupFlags): Promise<OpenedSetup> {
  const { prompts } = context;
  const dryRun = flags['dry-run'];
  const { settings, file, missing } = await configured(context, flags);
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
  const aws = await openAws(context, settings);
  const open = (chosen: Settings, known: Secret | undefined) =>
    openWorld({
      settings: chosen,
      aws,
      choices: choicesOf(flags),
      stripeKey: secret,
      databasePassword: known,
      environment: process.env,
      root: context.root,
      version: context.version,
    });
  const opened = open(settings, password);
  // What somebody else's functions read, and from where, is theirs.
  const unanswered = settings.stack.managed ? await wantedAnswers(opened.world, prompts.possible) : [];
  if (dryRun) return { ...opened, unanswered: [...(key ? [] : [STRIPE_KEY]), ...unanswered] };
  if (unanswered.length === 0) return { ...opened, unanswered };
  const given = await askForDatabase(prompts, settings, unanswered, file);
  const database = given.database ?? settings.database;
  return {
    ...open({ ...settings, database }, given.password ?? password),
    unanswered: [],
  };
}

const choicesOf = (flags: SetupFlags): Choices => ({
  ...DEFAULT_CHOICES,
  adoptDestination: flags['adopt-destination'] ?? null,
  createShopTables: flags['create-shop-tables'] || flags.local,
  sourcePatienceMs: flags['source-timeout'] ?? null,
  repairs: !flags['dry-run'],
});

async function configured(
  { configure }: CliContext,
  flags: SetupFlags,
): Promise<{
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
