import { isMap, type MapNode, scalarText, type TemplateNode, valueAt } from '../document/node.js';
import { FUNCTION_TYPES } from './functions.js';
import type { EventRule } from './rules.js';
import { busKind } from './rules.js';
import type { Resource, Template } from './template.js';
import { RULE_NAME, referenceOf, textOf } from './text.js';

export interface AlarmMetric {
  alarm: Resource;
  namespace: string;
  metric: string;
  dimensions: Dimension[];
}

export interface Dimension {
  name: string;
  value: TemplateNode | undefined;
  body: MapNode;
}

/** Every metric that an alarm of the template watches, those in metric maths too. */
export function alarmMetrics(template: Template): AlarmMetric[] {
  return template.once('alarm metrics', () =>
    template
      .ofType('AWS::CloudWatch::Alarm')
      .flatMap((alarm) => [
        ...metricIn(template, alarm, alarm.properties),
        ...template
          .items(valueAt(alarm.properties, 'Metrics'), alarm.when)
          .flatMap(({ node }) => metricIn(template, alarm, valueAt(node, 'MetricStat', 'Metric'))),
      ]),
  );
}

function metricIn(template: Template, alarm: Resource, node: TemplateNode | undefined): AlarmMetric[] {
  const namespace = template.plainText(valueAt(node, 'Namespace'));
  const metric = template.plainText(valueAt(node, 'MetricName'));
  if (namespace === undefined || metric === undefined) return [];
  const dimensions = template
    .items(valueAt(node, 'Dimensions'), alarm.when)
    .flatMap(({ node: body }) =>
      isMap(body)
        ? [{ name: scalarText(valueAt(body, 'Name')) ?? '', value: valueAt(body, 'Value'), body }]
        : [],
    );
  return [{ alarm, namespace, metric, dimensions }];
}

export const dimensionOf = (metric: AlarmMetric, name: string): Dimension | undefined =>
  metric.dimensions.find((one) => one.name === name);

/** Whether the metric is that of the function: its plain name, in every branch. */
export function watchesFunction(template: Template, metric: AlarmMetric, id: string): boolean {
  return template
    .possibilities(dimensionOf(metric, 'FunctionName')?.value, metric.alarm.when)
    .every(({ node }) => {
      const denoted = template.denoted(node, ...FUNCTION_TYPES);
      return denoted?.resource.id === id && denoted.form === 'name';
    });
}

/** Whether the metric is that of the queue, by its name. */
export function watchesQueue(template: Template, metric: AlarmMetric, queue: Resource | string): boolean {
  const value = dimensionOf(metric, 'QueueName')?.value;
  if (typeof queue === 'string') {
    const reference = referenceOf(value);
    return reference?.ref === queue && reference.attribute === 'QueueName';
  }
  const denoted = template.denoted(value, 'AWS::SQS::Queue');
  return denoted?.resource.id === queue.id && denoted.form === 'name';
}

/** Whether the metric is that of the rule: on a bus of its own, both dimensions; on the default bus, the name alone. */
export function watchesRule(template: Template, metric: AlarmMetric, rule: EventRule): boolean {
  const bus = rule.buses()[0]?.node;
  const onDefault = busKind(template, bus) === 'default';
  const named = namesRule(template, dimensionOf(metric, 'RuleName')?.value, rule, onDefault);
  const busDimension = dimensionOf(metric, 'EventBusName');
  return named && (onDefault ? busDimension === undefined : busDimension !== undefined);
}

/** Whether a text is the rule's plain name. `Ref` of a rule on a partner bus is `bus|rule`, which no metric carries. */
export function namesRule(
  template: Template,
  node: TemplateNode | undefined,
  rule: EventRule,
  onDefault: boolean,
): boolean {
  const reference = referenceOf(node);
  if (reference?.ref === rule.id)
    return reference.attribute === RULE_NAME || (onDefault && !reference.attribute);
  const stated = rule.name();
  const written = textOf(node);
  return (
    stated !== undefined &&
    written !== undefined &&
    template.canonical(stated) === template.canonical(written)
  );
}
