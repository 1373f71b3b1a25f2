import { databasePassword, stripeKey } from '../../config/secrets.js';
import type { Settings } from '../../config/settings.js';
import { type Choices, DEFAULT_CHOICES } from '../../world/world.js';
import { type OpenedWorld, openWorld } from './open-world.js';

/** A stage's world, opened with the secrets that are there without asking. */
export async function openKnownWorld(
  settings: Settings,
  { root, version, choices = {} }: { root: string; version: string; choices?: Partial<Choices> },
): Promise<OpenedWorld> {
  return openWorld({
    settings,
    choices: { ...DEFAULT_CHOICES, ...choices },
    stripeKey: (await stripeKey(settings.mode, process.env))?.secret,
    databasePassword: databasePassword(process.env)?.secret,
    environment: process.env,
    root,
    version,
  });
}
