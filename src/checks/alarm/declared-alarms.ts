import { isDeepStrictEqual } from 'node:util';
import type { AlarmDefinition } from '../../aws/cloudwatch.js';
import type { Tags } from '../../aws/tags.js';
import { declaredResources } from '../../world/declared-resources.js';
import type { World } from '../../world/world.js';
import type { RequiredMetric } from './required-metrics.js';

/** An alarm of our own stack, as its template says. */
export interface DeclaredAlarm {
  name: string;
  definition: AlarmDefinition;
  tags: Tags;
}

/** The stack's alarm for it; undefined where the deployed template has none, and in a stack of somebody else's. */
export async function declaredAlarmFor(
  world: World,
  wanted: RequiredMetric,
): Promise<DeclaredAlarm | undefined> {
  const [resources, stack] = await Promise.all([
    declaredResources(world),
    world.cloudformation.stack(world.settings.stack.name),
  ]);
  for (const { type, physicalId, properties } of resources) {
    if (type !== 'AWS::CloudWatch::Alarm' || physicalId === null) continue;
    const definition = definitionOf(properties as unknown as AlarmProperties);
    const { namespace, name, dimensions } = definition;
    if (!wanted.metrics.some((one) => isDeepStrictEqual({ ...one }, { namespace, name, dimensions })))
      continue;
    return { name: physicalId, definition, tags: { ...stack?.tags, ...tagsOf(properties.Tags) } };
  }
  return undefined;
}

interface AlarmProperties {
  AlarmDescription: string;
  Namespace: string;
  MetricName: string;
  Dimensions: { Name: string; Value: string }[];
  Statistic: AlarmDefinition['statistic'];
  Period: number;
  EvaluationPeriods: number;
  DatapointsToAlarm?: number;
  Threshold: number;
  ComparisonOperator: AlarmDefinition['comparison'];
  TreatMissingData: string;
  AlarmActions: string[];
}

function definitionOf(properties: AlarmProperties): AlarmDefinition {
  return {
    description: properties.AlarmDescription,
    namespace: properties.Namespace,
    name: properties.MetricName,
    dimensions: Object.fromEntries(properties.Dimensions.map(({ Name, Value }) => [Name, Value])),
    statistic: properties.Statistic,
    periodSeconds: Number(properties.Period),
    evaluationPeriods: Number(properties.EvaluationPeriods),
    datapointsToAlarm:
      properties.DatapointsToAlarm === undefined ? null : Number(properties.DatapointsToAlarm),
    threshold: Number(properties.Threshold),
    comparison: properties.ComparisonOperator,
    missingData: properties.TreatMissingData,
    actions: properties.AlarmActions,
  };
}

function tagsOf(tags: unknown): Tags {
  return Object.fromEntries(
    ((tags ?? []) as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]),
  );
}
