import { configuredEndpoint, dnsSuffix } from './endpoint.js';
import { unlessAbsent } from './errors.js';
import { allPages } from './pages.js';
import type { AwsSession } from './session.js';
import type { Tags } from './tags.js';

const ABSENT = 'NotFoundException';

export interface RestApi {
  id: string;
  name: string;
  description: string | null;
  createdAt: string | null;
  tags: Tags;
}

export interface Throttle {
  /** Requests a second in the long run, and at once. */
  rate: number;
  burst: number;
}

export interface ApiStage {
  name: string;
  deploymentId: string;
  tracing: boolean;
  /** For every method; null where AWS's account-wide limits are all that holds. */
  throttle: Throttle | null;
  /** Of single methods, which count more: `POST /webhooks/stripe`. */
  methodThrottles: Record<string, Throttle>;
  tags: Tags;
}

export interface ApiMethod {
  /** `/webhooks/stripe`. */
  path: string;
  httpMethod: string;
  integrationUri: string | null;
  integrationType: string | null;
}

/** What a path below a custom domain name leads to. */
export interface DomainMapping {
  /** `/shop`; empty: all of the domain. */
  basePath: string;
  apiId: string;
  /** Null: the path's next part names it. */
  stage: string | null;
}

export interface DeployedApi {
  apiId: string;
  region: string;
  stage: string;
  /** `/webhooks/stripe`. */
  path: string;
}

/** The URL at which the world reaches a deployed API; on another AWS than amazonaws.com, at that endpoint. */
export function webhookUrl(
  { apiId, region, stage, path }: DeployedApi,
  endpoint: string | undefined = configuredEndpoint('EXECUTE_API', process.env),
): string {
  if (!endpoint) return `https://${apiId}.execute-api.${region}.${dnsSuffix(region)}/${stage}${path}`;
  return `${endpoint.replace(/\/+$/, '')}/_aws/execute-api/${apiId}/${stage}${path}`;
}

/**
 * The API that a URL names: one of AWS itself, or one at the endpoint of another AWS that is in use (region null).
 * Undefined for any other URL: whatever its path looks like, it is somebody else's.
 */
export function apiOfUrl(
  url: string,
  endpoint: string | undefined,
): { apiId: string; region: string | null; stage: string; path: string } | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || parsed.username || parsed.password || parsed.hash) return undefined;
  return (endpoint === undefined ? undefined : apiAtEndpoint(parsed, endpoint)) ?? apiOnAws(parsed);
}

function apiOnAws({ protocol, port, hostname, pathname }: URL) {
  const [, apiId, region, suffix] = /^([a-z0-9]+)\.execute-api\.([a-z0-9-]+)\.(.+)$/.exec(hostname) ?? [];
  const [, stage, path = '/'] = /^\/([^/]+)(\/.*)?$/.exec(pathname) ?? [];
  if (protocol !== 'https:' || port !== '' || !apiId || !region || suffix !== dnsSuffix(region) || !stage)
    return undefined;
  return { apiId, region, stage, path };
}

function apiAtEndpoint({ origin, pathname }: URL, endpoint: string) {
  const base = new URL(endpoint);
  const prefix = `${base.pathname.replace(/\/+$/, '')}/_aws/execute-api/`;
  if (origin !== base.origin || !pathname.startsWith(prefix)) return undefined;
  const [, apiId, stage, path = '/'] = /^([^/]+)\/([^/]+)(\/.*)?$/.exec(pathname.slice(prefix.length)) ?? [];
  return apiId && stage ? { apiId, region: null, stage, path } : undefined;
}

export function apiGatewayReads(session: AwsSession) {
  return {
    restApi(id: string): Promise<RestApi | undefined> {
      return session.call('apigateway', 'apigateway:GET', async (client) => {
        const api = await unlessAbsent(client.getRestApi({ restApiId: id }), ABSENT);
        return api && readApi(api);
      });
    },

    listRestApis(): Promise<RestApi[]> {
      return session.call('apigateway', 'apigateway:GET', (client) =>
        allPages(async (token) => {
          const page = await client.getRestApis({ limit: 500, ...(token ? { position: token } : {}) });
          return { items: page.items?.map(readApi), next: page.position };
        }),
      );
    },

    stage(apiId: string, name: string): Promise<ApiStage | undefined> {
      return session.call('apigateway', 'apigateway:GET', async (client) => {
        const stage = await unlessAbsent(client.getStage({ restApiId: apiId, stageName: name }), ABSENT);
        return stage && readStage(stage, name);
      });
    },

    /** Every stage of an API; none when it does not exist. */
    listStages(apiId: string): Promise<ApiStage[]> {
      return session.call('apigateway', 'apigateway:GET', async (client) => {
        const stages = await unlessAbsent(client.getStages({ restApiId: apiId }), ABSENT);
        return (stages?.item ?? []).map((stage) => readStage(stage, stage.stageName ?? ''));
      });
    },

    /** What a custom domain name of the account leads to; none where the account has no such domain. */
    domainMappings(domainName: string): Promise<DomainMapping[]> {
      return session.call('apigateway', 'apigateway:GET', async (client) => {
        const mappings = allPages(async (token) => {
          const page = await client.getBasePathMappings({
            domainName,
            limit: 500,
            ...(token ? { position: token } : {}),
          });
          return { items: page.items, next: page.position };
        });
        return ((await unlessAbsent(mappings, ABSENT)) ?? []).map(({ basePath, restApiId, stage }) => ({
          basePath: basePath && basePath !== '(none)' ? `/${basePath}` : '',
          apiId: restApiId ?? '',
          stage: stage ?? null,
        }));
      });
    },

    /** Every method of an API with what it calls; none when it does not exist. */
    listMethods(apiId: string): Promise<ApiMethod[]> {
      return session.call('apigateway', 'apigateway:GET', async (client) => {
        const resources = allPages(async (token) => {
          const page = await client.getResources({
            restApiId: apiId,
            limit: 500,
            embed: ['methods'],
            ...(token ? { position: token } : {}),
          });
          return { items: page.items, next: page.position };
        });
        return ((await unlessAbsent(resources, ABSENT)) ?? []).flatMap((resource) =>
          Object.entries(resource.resourceMethods ?? {}).map(([httpMethod, method]) => ({
            path: resource.path ?? '/',
            httpMethod,
            integrationUri: method.methodIntegration?.uri ?? null,
            integrationType: method.methodIntegration?.type ?? null,
          })),
        );
      });
    },
  };
}

export function apiGatewayWrites(session: AwsSession) {
  return {
    /** Throttles every method of a stage, or one (`POST /webhooks/stripe`); other settings stay. */
    async setThrottle(apiId: string, stage: string, throttle: Throttle, method?: string): Promise<void> {
      const [verb = '*', path = '*'] = method?.split(' ') ?? [];
      const key = `/${path.replaceAll('/', '~1')}/${verb}/throttling`;
      await session.call('apigateway', 'apigateway:PATCH', (client) =>
        client.updateStage({
          restApiId: apiId,
          stageName: stage,
          patchOperations: [
            { op: 'replace', path: `${key}/rateLimit`, value: String(throttle.rate) },
            { op: 'replace', path: `${key}/burstLimit`, value: String(throttle.burst) },
          ],
        }),
      );
    },
  };
}

function readApi(api: {
  id?: string | undefined;
  name?: string | undefined;
  description?: string | undefined;
  createdDate?: Date | undefined;
  tags?: Record<string, string> | undefined;
}): RestApi {
  return {
    id: api.id ?? '',
    name: api.name ?? '',
    description: api.description ?? null,
    createdAt: api.createdDate ? new Date(api.createdDate).toISOString() : null,
    tags: api.tags ?? {},
  };
}

interface SdkMethodSetting {
  throttlingRateLimit?: number | undefined;
  throttlingBurstLimit?: number | undefined;
}

function readStage(
  stage: {
    deploymentId?: string | undefined;
    tracingEnabled?: boolean | undefined;
    methodSettings?: Record<string, SdkMethodSetting> | undefined;
    tags?: Record<string, string> | undefined;
  },
  name: string,
): ApiStage {
  const { '*/*': all, ...methods } = stage.methodSettings ?? {};
  const limits = Object.entries(methods).flatMap(([key, setting]) => {
    const throttle = throttleOf(setting);
    return throttle ? [[methodOf(key), throttle] as const] : [];
  });
  return {
    name,
    deploymentId: stage.deploymentId ?? '',
    tracing: stage.tracingEnabled ?? false,
    throttle: throttleOf(all),
    methodThrottles: Object.fromEntries(limits),
    tags: stage.tags ?? {},
  };
}

/** A negative limit is AWS's way to say that there is none. */
function throttleOf(setting: SdkMethodSetting | undefined): Throttle | null {
  const rate = setting?.throttlingRateLimit;
  return rate !== undefined && rate >= 0 ? { rate, burst: setting?.throttlingBurstLimit ?? 0 } : null;
}

/** `~1webhooks~1stripe/POST`, with or without the first slash, as `POST /webhooks/stripe`. */
function methodOf(key: string): string {
  const end = key.lastIndexOf('/');
  return `${key.slice(end + 1)} /${key.slice(0, end).replaceAll('~1', '/').replace(/^\//, '')}`;
}
