import { alarmMetrics, dimensionOf } from '../model/alarms.js';
import { FUNCTION_TYPES } from '../model/functions.js';
import { pathQueues } from '../model/path-queues.js';
import { stripePath } from '../model/stripe-path.js';
import type { Resource, Template } from '../model/template.js';
import { referencesIn, textOf } from '../model/text.js';

/** The alarms that watch something of the Stripe path, rightly or wrongly. */
export function pathAlarms(template: Template): Resource[] {
  return template.once('path alarms', () => {
    const path = stripePath(template);
    const ids = new Set([
      ...path.functions.map((one) => one.id),
      ...path.rules.map((one) => one.id),
      ...pathQueues(template).map((one) => one.id),
      ...path.webhooks.flatMap((one) => one.api?.id ?? []),
    ]);
    const found = alarmMetrics(template).filter((metric) => {
      const values = metric.dimensions.map((one) => one.value);
      const named = values.flatMap((value) => referencesIn(textOf(value)).map(({ ref }) => ref));
      const denoted = template.denoted(dimensionOf(metric, 'FunctionName')?.value, ...FUNCTION_TYPES)
        ?.resource.id;
      const queue = template.denoted(dimensionOf(metric, 'QueueName')?.value, 'AWS::SQS::Queue')?.resource.id;
      return (
        [...named, denoted, queue].some((id) => id !== undefined && ids.has(id)) ||
        dimensionOf(metric, 'RuleName') !== undefined
      );
    });
    return [...new Set(found.map((metric) => metric.alarm))];
  });
}
