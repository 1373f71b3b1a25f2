import type { Properties, ResourceContext, ResourceType } from '../../kernel/resource-type.js';
import { AwsError } from '../../kernel/service.js';

const NUMBERS = ['Period', 'EvaluationPeriods', 'DatapointsToAlarm', 'Threshold'];
const TEXTS = [
  'AlarmDescription',
  'ComparisonOperator',
  'ExtendedStatistic',
  'MetricName',
  'Namespace',
  'Statistic',
  'ThresholdMetricId',
  'TreatMissingData',
  'Unit',
  'EvaluateLowSampleCountPercentile',
];
const LISTS = ['AlarmActions', 'OKActions', 'InsufficientDataActions', 'Dimensions', 'Metrics'];

/** `AWS::CloudWatch::Alarm`. PutMetricAlarm would overwrite an alarm of the name; CloudFormation does not. */
export const alarmType: ResourceType = {
  properties: ['AlarmName', 'ActionsEnabled', 'Tags', ...NUMBERS, ...TEXTS, ...LISTS],
  required: ['ComparisonOperator', 'EvaluationPeriods'],
  createOnly: ['AlarmName'],
  create: async (properties, context) => {
    const name = typeof properties.AlarmName === 'string' ? properties.AlarmName : context.generatedName(255);
    if (await find(name, context))
      throw new AwsError(
        'AlreadyExists',
        `Resource of type 'AWS::CloudWatch::Alarm' with identifier '${name}' already exists.`,
      );
    await put(name, properties, context);
    return created(name, context);
  },
  update: async (name, next, previous, context) => {
    await put(name, next, context);
    const tags = tagsOf(next, context);
    const kept = tags.map(({ Key }) => Key);
    const gone = stated(previous)
      .filter(({ Key }) => !kept.includes(Key))
      .map(({ Key }) => Key);
    const ResourceARN = arn(name, context);
    if (gone.length > 0) await context.call('monitoring', 'UntagResource', { ResourceARN, TagKeys: gone });
    await context.call('monitoring', 'TagResource', { ResourceARN, Tags: tags });
    return created(name, context);
  },
  delete: async (name, _properties, context) => {
    await context.call('monitoring', 'DeleteAlarms', { AlarmNames: [name] });
  },
  read: async (name, given, context) => {
    const live = await find(name, context);
    if (!live) return undefined;
    const { Tags } = await context.call('monitoring', 'ListTagsForResource', {
      ResourceARN: arn(name, context),
    });
    const own = (Tags as Tag[]).filter(
      ({ Key }) => stated(given).some((one) => one.Key === Key) || !Object.hasOwn(context.tags, Key),
    );
    return { ...live, Tags: own };
  },
};

interface Tag {
  Key: string;
  Value: string;
}

async function find(name: string, context: ResourceContext): Promise<Properties | undefined> {
  const { MetricAlarms } = await context.call('monitoring', 'DescribeAlarms', { AlarmNames: [name] });
  return (MetricAlarms as Properties[])[0];
}

async function put(name: string, properties: Properties, context: ResourceContext): Promise<void> {
  const input: Record<string, unknown> = { AlarmName: name, Tags: tagsOf(properties, context) };
  for (const key of [...TEXTS, ...LISTS]) if (properties[key] !== undefined) input[key] = properties[key];
  for (const key of NUMBERS) if (properties[key] !== undefined) input[key] = Number(properties[key]);
  if (properties.ActionsEnabled !== undefined)
    input.ActionsEnabled = String(properties.ActionsEnabled) === 'true';
  await context.call('monitoring', 'PutMetricAlarm', input);
}

function stated(properties: Properties): Tag[] {
  return (properties.Tags as Tag[] | undefined) ?? [];
}

function tagsOf(properties: Properties, context: ResourceContext): Tag[] {
  const all = {
    ...context.tags,
    ...Object.fromEntries(stated(properties).map(({ Key, Value }) => [Key, String(Value)])),
  };
  return Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
}

function created(name: string, context: ResourceContext) {
  return { physicalId: name, attributes: { Arn: arn(name, context) } };
}

function arn(name: string, { region, account }: { region: string; account: string }): string {
  return `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;
}
