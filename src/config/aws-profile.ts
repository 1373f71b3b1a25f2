import { homedir } from 'node:os';
import { join } from 'node:path';

/** What a profile of the AWS configuration files says, as far as it decides where calls go. */
export interface AwsProfile {
  region: string | null;
  /** By the variable that says the same: `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_SQS`. */
  endpoints: Record<string, string>;
}

/**
 * A profile as the AWS CLI reads it: `AWS_CONFIG_FILE`, else `~/.aws/config`, under `AWS_SHARED_CREDENTIALS_FILE`, else
 * `~/.aws/credentials`. Files, profiles and settings that are not there are no error.
 * @param profile its name; null: `default`
 */
export async function readAwsProfile(
  profile: string | null,
  environment: NodeJS.ProcessEnv,
): Promise<AwsProfile> {
  const { loadSharedConfigFiles } = await import('@smithy/core/config');
  const folder = join(environment.HOME || environment.USERPROFILE || homedir(), '.aws');
  const { configFile, credentialsFile } = await loadSharedConfigFiles({
    configFilepath: environment.AWS_CONFIG_FILE || join(folder, 'config'),
    filepath: environment.AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials'),
    ignoreCache: true,
  });
  const name = profile ?? 'default';
  const settings = { ...configFile[name], ...credentialsFile[name] };
  const services = settings.services ? configFile[`services.${settings.services}`] : undefined;
  return { region: settings.region || null, endpoints: endpointsOf(settings.endpoint_url, services ?? {}) };
}

/** `sqs.endpoint_url` of a services section says what `AWS_ENDPOINT_URL_SQS` says. */
function endpointsOf(
  endpoint: string | undefined,
  services: Partial<Record<string, string>>,
): Record<string, string> {
  const own = Object.entries(services).flatMap(([key, url]) => {
    const service = /^(\w+)\.endpoint_url$/.exec(key)?.[1];
    return service && url ? [[`AWS_ENDPOINT_URL_${service.toUpperCase()}`, url]] : [];
  });
  return Object.fromEntries([...(endpoint ? [['AWS_ENDPOINT_URL', endpoint]] : []), ...own]);
}

/**
 * The environment, with the endpoints of a profile where it names none itself: what a variable says comes before what a
 * profile says (AWS SDKs and Tools Reference Guide, "Service-specific endpoints").
 */
export async function withProfileEndpoints(
  profile: string | null,
  environment: NodeJS.ProcessEnv,
): Promise<NodeJS.ProcessEnv> {
  if (environment.AWS_ENDPOINT_URL) return environment;
  const { endpoints } = await readAwsProfile(profile, environment);
  return { ...endpoints, ...environment };
}
