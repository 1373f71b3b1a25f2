import { badRequest, unsupported } from './errors.js';
import { type Patchable, toBoolean } from './patch.js';
import { DEFAULT_METHOD_SETTINGS, type MethodSettings, type StageRecord } from './records.js';
import type { ApiGatewayState } from './state.js';

/** What UpdateStage calls a setting, and how its text becomes one. */
const SETTINGS: Record<string, (value: string) => Partial<MethodSettings>> = {
  'throttling/rateLimit': (value) => ({ throttlingRateLimit: limit(value) }),
  'throttling/burstLimit': (value) => ({ throttlingBurstLimit: Math.floor(limit(value)) }),
  'metrics/enabled': (value) => ({ metricsEnabled: toBoolean(value) }),
  'logging/dataTrace': (value) => ({ dataTraceEnabled: toBoolean(value) }),
  'logging/loglevel': (value) => {
    if (!['OFF', 'ERROR', 'INFO'].includes(value))
      throw badRequest(`Invalid logging level specified: ${value}`);
    return { loggingLevel: value };
  },
  'caching/enabled': (value) => {
    if (toBoolean(value)) throw unsupported('caching');
    return {};
  },
  'caching/ttlInSeconds': (value) => ({ cacheTtlInSeconds: Number(value) }),
  'caching/dataEncrypted': (value) => ({ cacheDataEncrypted: toBoolean(value) }),
};

/** `/<encoded path>/<METHOD>/throttling/rateLimit` and the like; a path and a method of `*` stand for all. */
export const METHOD_SETTING: Patchable<StageRecord> = [
  // Captured still encoded: the key keeps `~1`. The path's own slashes are encoded, so it is one segment.
  /^\/([^/]*\/[A-Z*]+\/(?:throttling|metrics|logging|caching)\/\w+)$/,
  (stage, value, [path]) => {
    const [where, method, group, name] = (path as string).split('/');
    return methodSetting(stage, `${where}/${method}`, `${group}/${name}`, value);
  },
];

/** Without a name, the method's settings go back to the stage's. */
export function methodSetting(
  stage: StageRecord,
  key: string,
  name: string | undefined,
  value: string | undefined,
): StageRecord {
  const { [key]: before, ...others } = stage.methodSettings;
  if (name === undefined) return { ...stage, methodSettings: others };
  const read = SETTINGS[name];
  if (!read) throw badRequest(`Invalid method setting path: /${key}/${name}`);
  const settings = { ...DEFAULT_METHOD_SETTINGS, ...before, ...(value === undefined ? {} : read(value)) };
  return { ...stage, methodSettings: { ...others, [key]: settings } };
}

function limit(value: string): number {
  const number = Number(value);
  if (!Number.isFinite(number) || number < -1)
    throw badRequest(`Invalid throttling limit specified: ${value}`);
  return number;
}

/** The settings that a method of a path has: its own, else the stage's, else the account's. */
export function settingsFor(stage: StageRecord, path: string, method: string): MethodSettings {
  for (const [wantedPath, wantedMethod] of [
    [path, method],
    [path, '*'],
    ['*', method],
    ['*', '*'],
  ])
    for (const [key, settings] of Object.entries(stage.methodSettings)) {
      const cut = key.lastIndexOf('/');
      const keyPath = decodePath(key.slice(0, cut));
      if (keyPath === wantedPath && key.slice(cut + 1) === wantedMethod) return settings;
    }
  return DEFAULT_METHOD_SETTINGS;
}

function decodePath(text: string): string {
  if (text === '*') return text;
  const path = text.replaceAll('~1', '/');
  return path.startsWith('/') ? path : `/${path}`;
}

/** Logs go through a role that the account names once for all its APIs. */
export function checkLoggingRole(state: ApiGatewayState, stage: StageRecord, region: string): void {
  const logs =
    stage.accessLogSettings?.destinationArn !== undefined ||
    Object.values(stage.methodSettings).some(({ loggingLevel }) => loggingLevel !== 'OFF');
  if (logs && state.accounts.get(region)?.cloudwatchRoleArn === undefined)
    throw badRequest('CloudWatch Logs role ARN must be set in account settings to enable logging');
}
