import type { Properties, ResourceContext, ResourceType } from '../../../kernel/resource-type.js';
import { AwsError } from '../../../kernel/service.js';
import { boolean, ignoreMissing, livePart, retag, stated, tagList, tagMap } from './values.js';

/** A member of `MethodSettings`, what UpdateStage calls it, and what GetStage calls it. */
const SETTINGS = [
  ['ThrottlingRateLimit', 'throttling/rateLimit', 'throttlingRateLimit'],
  ['ThrottlingBurstLimit', 'throttling/burstLimit', 'throttlingBurstLimit'],
  ['MetricsEnabled', 'metrics/enabled', 'metricsEnabled'],
  ['LoggingLevel', 'logging/loglevel', 'loggingLevel'],
  ['DataTraceEnabled', 'logging/dataTrace', 'dataTraceEnabled'],
  ['CachingEnabled', 'caching/enabled', 'cachingEnabled'],
  ['CacheTtlInSeconds', 'caching/ttlInSeconds', 'cacheTtlInSeconds'],
  ['CacheDataEncrypted', 'caching/dataEncrypted', 'cacheDataEncrypted'],
] as const;

/** `AWS::ApiGateway::Stage`. Ref is the stage's name. */
export const stageType: ResourceType = {
  properties: [
    'RestApiId',
    'StageName',
    'DeploymentId',
    'Description',
    'MethodSettings',
    'TracingEnabled',
    'Variables',
    'AccessLogSetting',
    'CacheClusterEnabled',
    'Tags',
  ],
  required: ['RestApiId', 'DeploymentId', 'StageName'],
  createOnly: ['RestApiId', 'StageName'],
  identifiedBy: 'RestApiId',

  async create(properties, context) {
    const { RestApiId, StageName, DeploymentId, Description, Variables } = properties;
    const at = { restApiId: RestApiId, stageName: StageName };
    await context.call('apigateway', 'CreateStage', {
      ...at,
      deploymentId: DeploymentId,
      ...stated({
        description: Description,
        variables: Variables,
        tracingEnabled: boolean(properties.TracingEnabled),
        cacheClusterEnabled: boolean(properties.CacheClusterEnabled),
      }),
      tags: tagMap(properties.Tags, context),
    });
    try {
      await patch(properties, [...methodSettings(properties), ...accessLogs(properties, {})], context);
    } catch (error) {
      await context.call('apigateway', 'DeleteStage', at);
      throw error;
    }
    return { physicalId: String(StageName), attributes: {} };
  },

  async update(physicalId, next, previous, context) {
    const { item: stages } = await context.call('apigateway', 'GetStages', { restApiId: next.RestApiId });
    const live = (stages as { stageName: string; methodSettings?: object }[]).find(
      (one) => one.stageName === physicalId,
    );
    const operations = [
      replace('/deploymentId', next.DeploymentId),
      next.Description === undefined
        ? { op: 'remove', path: '/description' }
        : replace('/description', next.Description),
      replace('/tracingEnabled', boolean(next.TracingEnabled) ?? false),
      ...Object.keys(live?.methodSettings ?? {}).map((key) => ({ op: 'remove', path: `/${key}` })),
      ...methodSettings(next),
      ...variables(next, previous),
      ...accessLogs(next, previous),
    ];
    await patch(next, operations, context);
    const arn = `arn:aws:apigateway:${context.region}::/restapis/${next.RestApiId}/stages/${physicalId}`;
    await retag(arn, tagMap(next.Tags, context), context);
    return { physicalId, attributes: {} };
  },

  async delete(physicalId, { RestApiId }, context) {
    await context
      .call('apigateway', 'DeleteStage', { restApiId: RestApiId, stageName: physicalId })
      .catch(ignoreMissing);
  },

  async read(physicalId, properties, context) {
    const live = await context
      .call('apigateway', 'GetStage', { restApiId: properties.RestApiId, stageName: physicalId })
      .catch(ignoreMissing);
    if (!live) return undefined;
    return livePart(properties, {
      RestApiId: properties.RestApiId,
      StageName: live.stageName,
      DeploymentId: live.deploymentId,
      Description: live.description,
      TracingEnabled: live.tracingEnabled,
      Variables: live.variables ?? {},
      CacheClusterEnabled: false,
      AccessLogSetting: liveAccessLogs(live.accessLogSettings),
      MethodSettings: ((properties.MethodSettings ?? []) as Properties[]).map((wanted) =>
        liveSetting(wanted, live.methodSettings[keyOf(wanted)]),
      ),
      Tags: tagList(live.tags),
    });
  },
};

async function patch(
  properties: Properties,
  patchOperations: object[],
  context: ResourceContext,
): Promise<void> {
  if (patchOperations.length === 0) return;
  const { RestApiId, StageName } = properties;
  await context.call('apigateway', 'UpdateStage', {
    restApiId: RestApiId,
    stageName: StageName,
    patchOperations,
  });
}

function replace(path: string, value: unknown): object {
  return { op: 'replace', path, value: String(value) };
}

/** `/*` and `*` for all; `/~1webhooks~1stripe` for one path. */
function keyOf({ ResourcePath, HttpMethod }: Properties): string {
  const path = String(ResourcePath ?? '');
  if (!path.startsWith('/'))
    throw new AwsError(
      'InvalidRequest',
      `Invalid method setting path: ${path}: a ResourcePath must start with /`,
    );
  return `${path.slice(1)}/${HttpMethod}`;
}

function methodSettings(properties: Properties): object[] {
  return ((properties.MethodSettings ?? []) as Properties[]).flatMap((setting) =>
    SETTINGS.filter(([member]) => setting[member] !== undefined).map(([member, path]) =>
      replace(`/${keyOf(setting)}/${path}`, setting[member]),
    ),
  );
}

function variables(next: Properties, previous: Properties): object[] {
  const wanted = (next.Variables ?? {}) as Properties;
  const gone = Object.keys((previous.Variables ?? {}) as Properties).filter((name) => !(name in wanted));
  return [
    ...gone.map((name) => ({ op: 'remove', path: `/variables/${name}` })),
    ...Object.entries(wanted).map(([name, value]) => replace(`/variables/${name}`, value)),
  ];
}

function accessLogs(next: Properties, previous: Properties): object[] {
  const setting = next.AccessLogSetting as { DestinationArn?: string; Format?: string } | undefined;
  if (!setting)
    return previous.AccessLogSetting === undefined ? [] : [{ op: 'remove', path: '/accessLogSettings' }];
  return [
    ...(setting.DestinationArn === undefined
      ? []
      : [replace('/accessLogSettings/destinationArn', setting.DestinationArn)]),
    ...(setting.Format === undefined ? [] : [replace('/accessLogSettings/format', setting.Format)]),
  ];
}

function liveAccessLogs(live: Properties | undefined): Properties | undefined {
  return live && stated({ DestinationArn: live.destinationArn, Format: live.format });
}

function liveSetting(wanted: Properties, live: Properties | undefined): Properties {
  const values = Object.fromEntries(SETTINGS.map(([member, , name]) => [member, live?.[name]]));
  return livePart(wanted, { ...values, ResourcePath: wanted.ResourcePath, HttpMethod: wanted.HttpMethod });
}
