import { entryOf, type SettingKey, type SettingValue } from '../../config/catalogue.js';
import {
  type Configuration,
  complete,
  missingAnswer,
  unanswered,
  withAnswers,
} from '../../config/complete.js';
import { readValue } from '../../config/read-value.js';
import { type Resolution, type ResolveOptions, resolve } from '../../config/resolve.js';
import { saveAnswers } from '../../config/save-answers.js';
import { LOCAL_STAGE } from '../../config/stage.js';
import { CachaoError } from '../../core/errors.js';
import { EXIT } from '../../core/exit-code.js';
import type { Prompts, Question } from '../../terminal/prompts.js';

export interface ConfigureOptions {
  /** This stage, whatever was named. */
  stage?: string;
  /** The command may make a stage that the file does not have. */
  stageMayBeNew?: boolean;
  /** Settings to ask for, when nothing has given them. */
  ask?: readonly SettingKey[];
  /** Keeps answers, and the stage's settings that stood on the command line, in the file. */
  save?: boolean;
}

export interface ConfigureContext extends Omit<ResolveOptions, 'stageMayBeNew'> {
  prompts: Prompts;
  /** `--yes`: what has a default is not asked. */
  acceptDefaults: boolean;
  /** `--config`, as it was typed. */
  configFile: string | null;
  say(text: string): void;
}

/** Resolves the settings, asks for what is missing (before anything is called), and saves the answers at once. */
export async function configure(
  context: ConfigureContext,
  options: ConfigureOptions,
): Promise<Configuration> {
  const flags = options.stage === undefined ? context.flags : { ...context.flags, stage: options.stage };
  const resolution = await resolve({ ...context, flags, stageMayBeNew: options.stageMayBeNew ?? false });
  const open = unanswered(resolution, options.ask ?? []);
  const defaulted = open.filter((key) => resolution.values.has(key));
  const answers = await answersTo(open, resolution, context);
  if (!(context.prompts.possible && !context.acceptDefaults)) announce(defaulted, resolution, context);
  const answered = await withAnswers(resolution, answers);
  const configuration = complete(answered);
  if (context.local && configuration.settings.mode === 'live') throw noLocalLiveMode();
  if (options.save) await save(answered, context);
  return configuration;
}

function noLocalLiveMode(): CachaoError {
  return new CachaoError({
    code: 'FLAG_CONFLICT',
    message: '--local takes no live payments: its Stripe key is a test key.',
    next: ['Leave --mode live (CACHAO_MODE) out, or name a test stage.'],
    exitCode: EXIT.usage,
  });
}

async function answersTo(
  open: readonly SettingKey[],
  resolution: Resolution,
  context: ConfigureContext,
): Promise<Partial<Record<SettingKey, string>>> {
  const quiet = context.acceptDefaults || !context.prompts.possible;
  const asked = open.filter((key) => !(quiet && resolution.values.has(key)));
  return context.prompts.ask(asked.map((key) => questionOf(key, resolution)));
}

function questionOf(key: SettingKey, resolution: Resolution): Question {
  const entry = entryOf(key);
  const fallback = resolution.values.get(key);
  return {
    ...missingAnswer(key),
    name: key,
    ...(fallback ? { initial: asText(fallback.value) } : {}),
    check: async (answer) => {
      try {
        await readValue(entry, answer, entry.what ?? entry.flag);
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    },
  };
}

/** Defaults that nobody was asked about are said aloud. */
function announce(keys: readonly SettingKey[], resolution: Resolution, context: ConfigureContext): void {
  if (keys.length === 0) return;
  const taken = keys.map((key) => {
    const { flag } = entryOf(key);
    return `${flag} ${asText(resolution.values.get(key)?.value ?? null)} (--${flag})`;
  });
  context.say(`Taken from the defaults: ${taken.join(', ')}.`);
}

/** What belongs to the stage and not to this run or this machine. Region and currency are what a stage is. */
async function save(resolution: Resolution, context: ConfigureContext): Promise<void> {
  // Nothing of the local clouds is kept for a stage of real accounts, unless it was named.
  const { name, origin: namedBy } = resolution.stage;
  if (resolution.local && namedBy === 'file' && name !== LOCAL_STAGE) return;
  const inFile = resolution.file?.content.stages?.[resolution.stage.name];
  const kept: Partial<Record<SettingKey, SettingValue>> = {};
  for (const [key, { value, origin }] of resolution.values) {
    const told = origin === 'answer' || (origin === 'flag' && key !== 'profile');
    // Another machine has another environment and AWS profile; but those never replace what the file says.
    const identity = (key === 'region' || key === 'currency') && inFile?.[key] === undefined;
    if (told || (identity && !resolution.local)) kept[key] = value;
  }
  // The local clouds need no file, as long as nothing was told that the next run has to know.
  if (resolution.local && !resolution.stageInFile && Object.keys(kept).length === 0) return;
  const target = { path: resolution.file?.path ?? context.configFile, cwd: context.cwd };
  const path = await saveAnswers(target, resolution.stage.name, kept);
  if (!resolution.stageInFile) context.say(`Settings of stage ${resolution.stage.name} saved to ${path}.`);
}

const asText = (value: SettingValue): string =>
  value === null ? 'none' : Array.isArray(value) ? value.join(',') : String(value);
