import type { ResourceType } from '../../kernel/resource-type.js';
import { fromTags, toTags } from './tags.js';

interface GroupProperties {
  LogGroupName?: string;
  RetentionInDays?: number | string;
  LogGroupClass?: string;
  Tags?: { Key: string; Value: string }[];
}

/** `AWS::Logs::LogGroup`: creation fails where the group exists, whoever made it. */
export const logGroup: ResourceType = {
  properties: ['LogGroupName', 'RetentionInDays', 'LogGroupClass', 'Tags', 'KmsKeyId'],
  createOnly: ['LogGroupName', 'LogGroupClass'],
  create: async (given, context) => {
    const properties = given as GroupProperties & { KmsKeyId?: string };
    const name = properties.LogGroupName ?? context.generatedName(512);
    await context.call('logs', 'CreateLogGroup', {
      logGroupName: name,
      tags: { ...context.tags, ...fromTags(properties.Tags) },
      logGroupClass: properties.LogGroupClass,
      kmsKeyId: properties.KmsKeyId,
    });
    if (properties.RetentionInDays !== undefined)
      await context.call('logs', 'PutRetentionPolicy', {
        logGroupName: name,
        retentionInDays: Number(properties.RetentionInDays),
      });
    return created(name, context);
  },
  update: async (name, given, given2, context) => {
    const next = given as GroupProperties;
    const previous = given2 as GroupProperties;
    if (next.RetentionInDays === undefined)
      await context.call('logs', 'DeleteRetentionPolicy', { logGroupName: name });
    else
      await context.call('logs', 'PutRetentionPolicy', {
        logGroupName: name,
        retentionInDays: Number(next.RetentionInDays),
      });
    const resourceArn = arn(name, context);
    const tags = { ...context.tags, ...fromTags(next.Tags) };
    const gone = Object.keys(fromTags(previous.Tags)).filter((key) => !Object.hasOwn(tags, key));
    if (gone.length > 0) await context.call('logs', 'UntagResource', { resourceArn, tagKeys: gone });
    await context.call('logs', 'TagResource', { resourceArn, tags });
    return created(name, context);
  },
  delete: async (name, _properties, context) => {
    await context.call('logs', 'DeleteLogGroup', { logGroupName: name });
  },
  read: async (name, given, context) => {
    const { logGroups } = await context.call('logs', 'DescribeLogGroups', { logGroupNamePrefix: name });
    const group = (
      logGroups as { logGroupName: string; retentionInDays?: number; logGroupClass: string }[]
    ).find((one) => one.logGroupName === name);
    if (!group) return undefined;
    const { tags } = await context.call('logs', 'ListTagsForResource', {
      resourceArn: arn(name, context),
    });
    const stated = fromTags((given as GroupProperties).Tags);
    const own = Object.entries(tags as Record<string, string>).filter(
      ([key]) => Object.hasOwn(stated, key) || !Object.hasOwn(context.tags, key),
    );
    return {
      LogGroupName: name,
      RetentionInDays: group.retentionInDays,
      LogGroupClass: group.logGroupClass,
      Tags: toTags(Object.fromEntries(own)),
    };
  },
};

function created(name: string, context: { region: string; account: string }) {
  return { physicalId: name, attributes: { Arn: `${arn(name, context)}:*` } };
}

function arn(name: string, { region, account }: { region: string; account: string }): string {
  return `arn:aws:logs:${region}:${account}:log-group:${name}`;
}

interface FilterProperties {
  LogGroupName: string;
  FilterName?: string;
  FilterPattern: string;
  MetricTransformations: Record<string, unknown>[];
}

const putFilter = (
  name: string,
  { LogGroupName, FilterPattern, MetricTransformations }: FilterProperties,
) => ({
  logGroupName: LogGroupName,
  filterName: name,
  filterPattern: FilterPattern,
  metricTransformations: MetricTransformations.map((one) => ({
    metricName: one.MetricName,
    metricNamespace: one.MetricNamespace,
    metricValue: String(one.MetricValue),
    ...(one.DefaultValue === undefined ? {} : { defaultValue: Number(one.DefaultValue) }),
    ...(one.Unit === undefined ? {} : { unit: one.Unit }),
  })),
});

/** `AWS::Logs::MetricFilter`. */
export const metricFilter: ResourceType = {
  properties: ['LogGroupName', 'FilterName', 'FilterPattern', 'MetricTransformations'],
  required: ['LogGroupName', 'FilterPattern', 'MetricTransformations'],
  createOnly: ['LogGroupName', 'FilterName'],
  create: async (given, context) => {
    const properties = given as unknown as FilterProperties;
    const name = properties.FilterName ?? context.generatedName(512);
    await context.call('logs', 'PutMetricFilter', putFilter(name, properties));
    return { physicalId: name, attributes: {} };
  },
  update: async (name, next, _previous, context) => {
    await context.call('logs', 'PutMetricFilter', putFilter(name, next as unknown as FilterProperties));
    return { physicalId: name, attributes: {} };
  },
  delete: async (name, properties, context) => {
    await context.call('logs', 'DeleteMetricFilter', {
      logGroupName: properties.LogGroupName,
      filterName: name,
    });
  },
};
