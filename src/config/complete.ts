import type { OrderAmount } from '../../handlers/contract/order-transition.js';
import { AnswersNeededError, CachaoError, type MissingAnswer } from '../core/errors.js';
import { EXIT } from '../core/exit-code.js';
import { entryOf, type SettingKey, type SettingValue } from './catalogue.js';
import { readValue } from './read-value.js';
import type { Resolution, Resolved } from './resolve.js';
import type { Settings } from './settings.js';

/** Who gave each setting, the stage's name included: shown by setup and by `--verbose`. */
export type Origins = ReadonlyMap<SettingKey | 'stage', Omit<Resolved, 'value'>>;

export interface Configuration {
  settings: Settings;
  origins: Origins;
  /** Absolute path of the file that was read; null when there is none. */
  file: string | null;
  stageInFile: boolean;
}

/** Of the settings asked for, those that nobody has given: neither flag, environment, file nor answer. */
export function unanswered(resolution: Resolution, keys: readonly SettingKey[]): SettingKey[] {
  if (resolution.local) return [];
  return keys.filter((key) => (resolution.values.get(key)?.origin ?? 'default') === 'default');
}

/** What `AnswersNeededError` says of a setting. */
export function missingAnswer(key: SettingKey): MissingAnswer {
  const entry = entryOf(key);
  return {
    what: entry.what ?? entry.flag,
    flag: `--${entry.flag}`,
    variable: entry.variables.join(' or '),
    why: entry.why ?? 'it has no default',
  };
}

/** Adds answers below flags, environment and file, and above the defaults. Checks each like a flag. */
export async function withAnswers(
  resolution: Resolution,
  answers: Partial<Record<SettingKey, string>>,
): Promise<Resolution> {
  const values = new Map(resolution.values);
  for (const [key, text] of Object.entries(answers) as [SettingKey, string][]) {
    if ((values.get(key)?.origin ?? 'default') !== 'default') continue;
    const value = await readValue(entryOf(key), text, entryOf(key).what ?? key);
    values.set(key, { value, origin: 'answer', source: 'answer' });
  }
  return { ...resolution, values };
}

/** The settings, complete. Throws AnswersNeededError naming every one that has neither value nor default. */
export function complete(resolution: Resolution): Configuration {
  const required: SettingKey[] = ['region'];
  const missing = required.filter((key) => !resolution.values.has(key));
  if (missing.length > 0) throw new AnswersNeededError(missing.map(missingAnswer));
  const origins = new Map<SettingKey | 'stage', Omit<Resolved, 'value'>>([
    ['stage', { origin: resolution.stage.origin, source: resolution.stage.source }],
  ]);
  for (const [key, { origin, source }] of resolution.values) origins.set(key, { origin, source });
  return {
    settings: settingsOf(resolution),
    origins,
    file: resolution.file?.path ?? null,
    stageInFile: resolution.stageInFile,
  };
}

function settingsOf(resolution: Resolution): Settings {
  // Every value was checked by the schema of its field when it was read.
  const value = <T extends SettingValue>(key: SettingKey): T => resolution.values.get(key)?.value as T;
  return {
    stage: resolution.stage.name,
    mode: value<'test' | 'live'>('mode'),
    region: value<string>('region'),
    profile: value<string | null>('profile'),
    stack: { name: value<string>('stack.name'), managed: value<boolean>('stack.managed') },
    currency: value<string>('currency'),
    database: value<string | null>('database'),
    databaseCa: value<string | null>('databaseCa'),
    webhook: value<boolean>('webhook'),
    deliveryPath: value<Settings['deliveryPath']>('deliveryPath'),
    handlerIsIdempotent: value<boolean>('handlerIsIdempotent'),
    email: value<string | null>('email'),
    reservedConcurrency: value<number | null>('reservedConcurrency'),
    logRetentionDays: value<number>('logRetentionDays'),
    throttle: { rate: value<number>('throttle.rate'), burst: value<number>('throttle.burst') },
    vpc: vpcOf(value<string[] | null>('vpc.subnetIds'), value<string[] | null>('vpc.securityGroupIds')),
    silenceAlarmHours: value<number | null>('silenceAlarmHours'),
    sharedStripeAccount: value<boolean>('sharedStripeAccount'),
    connectedAccounts: value<boolean>('connectedAccounts'),
    orderAmount: value<OrderAmount>('orderAmount'),
    acknowledgedHandlers: value<string[]>('acknowledgedHandlers'),
    permissionsBoundary: value<string | null>('permissionsBoundary'),
    deployRole: value<string | null>('deployRole'),
    mute: resolution.mute,
  };
}

function vpcOf(subnetIds: string[] | null, securityGroupIds: string[] | null): Settings['vpc'] {
  if (subnetIds === null && securityGroupIds === null) return null;
  if (subnetIds !== null && securityGroupIds !== null) return { subnetIds, securityGroupIds };
  const [given, absent] = subnetIds ? ['subnets', 'security groups'] : ['security groups', 'subnets'];
  throw new CachaoError({
    code: 'SETTING_INVALID',
    message: `The VPC has ${given} but no ${absent}.`,
    next: ['Give both --subnet-ids and --security-group-ids (or neither).'],
    exitCode: EXIT.usage,
  });
}
