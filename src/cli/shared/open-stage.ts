import { databasePassword, stripeKey } from '../../config/secrets.js';
import type { Settings } from '../../config/settings.js';
import { type Choices, DEFAULT_CHOICES } from '../../world/world.js';
import type { CliContext } from './context.js';
import { openAws } from './open-aws.js';
import { type OpenedWorld, openWorld } from './open-world.js';

/** Opens a stage with the secrets that are there without asking. Makes no call yet but signing in. */
export async function openStage(
  context: Pick<CliContext, 'prompts' | 'root' | 'version'>,
  settings: Settings,
  choices: Partial<Choices> = {},
): Promise<OpenedWorld> {
  return openWorld({
    settings,
    aws: await openAws(context, settings),
    choices: { ...DEFAULT_CHOICES, ...choices },
    stripeKey: (await stripeKey(settings.mode, process.env))?.secret,
    databasePassword: databasePassword(process.env)?.secret,
    environment: process.env,
    root: context.root,
    version: context.version,
  });
}
