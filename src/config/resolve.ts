import { basename } from 'node:path';
import { readAwsProfile } from './aws-profile.js';
import { CATALOGUE, type SettingEntry, type SettingKey, type SettingValue } from './catalogue.js';
import { type LoadedFile, loadFile } from './file.js';
import { readValue } from './read-value.js';
import type { StageInFile } from './schema.js';
import type { Mute, Origin } from './settings.js';
import { type ChosenStage, chooseStage } from './stage.js';

export interface ResolveOptions {
  /** What stood on the command line, by flag name without dashes. Only what was typed, never from the environment. */
  flags: Readonly<Record<string, string | number | boolean | undefined>>;
  environment: NodeJS.ProcessEnv;
  /** Where the search for the file begins. */
  cwd: string;
  /** `--local`: needs no file and no answers. */
  local: boolean;
  /** Whether the command may make a stage that the file does not have. */
  stageMayBeNew: boolean;
}

/** A value, and who gave it. */
export interface Resolved {
  value: SettingValue;
  origin: Origin;
  /** For people: "--region", "AWS_REGION", "cachao.config.json", "~/.aws, profile shop", "default". */
  source: string;
}

export interface Resolution {
  stage: ChosenStage;
  file: LoadedFile | null;
  /** Whether the file has this stage already. */
  stageInFile: boolean;
  /** A key is absent when nothing gives it. */
  values: ReadonlyMap<SettingKey, Resolved>;
  mute: Mute[];
  local: boolean;
}

/** Walks the chain for every setting: flag, environment, file, (the AWS profile's region,) default. Asks nobody. */
export async function resolve(options: ResolveOptions): Promise<Resolution> {
  const { environment, flags } = options;
  const named = text(flags.config) ?? (environment.CACHAO_CONFIG || undefined);
  const file = await loadFile(options.cwd, named);
  const given = { flag: text(flags.stage), variable: environment.CACHAO_STAGE || undefined };
  const stage = chooseStage(given, file, { local: options.local, mayBeNew: options.stageMayBeNew });
  const inFile = file?.content.stages?.[stage.name];
  const values = new Map<SettingKey, Resolved>();
  for (const entry of CATALOGUE) {
    // No stage takes real money on the local clouds.
    const found =
      (await fromFlag(entry, flags)) ??
      (await fromEnvironment(entry, environment)) ??
      (options.local && entry.key === 'mode' ? undefined : fromFile(entry, inFile, file)) ??
      (await fromProfile(entry, values, options)) ??
      fromDefault(entry, stage.name, options.local);
    if (found) values.set(entry.key, found);
  }
  return {
    stage,
    file,
    stageInFile: inFile !== undefined,
    values,
    mute: muted(file, inFile),
    local: options.local,
  };
}

async function fromFlag(entry: SettingEntry, flags: ResolveOptions['flags']): Promise<Resolved | undefined> {
  const given = flags[entry.flag];
  if (given === undefined) return undefined;
  const source = given === false ? `--no-${entry.flag}` : `--${entry.flag}`;
  return { value: await readValue(entry, String(given), source), origin: 'flag', source };
}

async function fromEnvironment(
  entry: SettingEntry,
  environment: NodeJS.ProcessEnv,
): Promise<Resolved | undefined> {
  // As in the AWS CLI, a variable that is set to nothing counts as not set.
  const source = entry.variables.find((variable) => environment[variable]);
  if (!source) return undefined;
  return { value: await readValue(entry, environment[source] ?? '', source), origin: 'environment', source };
}

function fromFile(
  entry: SettingEntry,
  inFile: StageInFile | undefined,
  file: LoadedFile | null,
): Resolved | undefined {
  if (!inFile || !file) return undefined;
  const value = entry.key
    .split('.')
    .reduce<unknown>((part, name) => (part as Record<string, unknown> | null | undefined)?.[name], inFile);
  if (value === undefined) return undefined;
  return { value: value as SettingValue, origin: 'file', source: basename(file.path) };
}

/** The last link of the AWS CLI's region chain. */
async function fromProfile(
  entry: SettingEntry,
  values: ReadonlyMap<SettingKey, Resolved>,
  options: ResolveOptions,
): Promise<Resolved | undefined> {
  if (entry.key !== 'region' || options.local) return undefined;
  const profile = (values.get('profile')?.value ?? null) as string | null;
  const { region } = await readAwsProfile(profile, options.environment);
  if (region === null) return undefined;
  const source = `~/.aws, profile ${profile ?? 'default'}`;
  return { value: await readValue(entry, region, source), origin: 'file', source };
}

function fromDefault(entry: SettingEntry, stage: string, local: boolean): Resolved | undefined {
  const fallback = local && entry.localFallback !== undefined ? entry.localFallback : entry.fallback;
  if (fallback === undefined) return undefined;
  const value = typeof fallback === 'function' ? fallback(stage) : fallback;
  return { value, origin: 'default', source: 'default' };
}

function muted(file: LoadedFile | null, inFile: StageInFile | undefined): Mute[] {
  return [...(file?.content.mute ?? []), ...(inFile?.mute ?? [])].map(({ check, reason, until }) => ({
    check,
    reason,
    ...(until === undefined ? {} : { until }),
  }));
}

const text = (value: string | number | boolean | undefined): string | undefined =>
  value === undefined ? undefined : String(value);
