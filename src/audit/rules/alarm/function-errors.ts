import { requirement } from '../../../requirements/requirement.js';
import { type AlarmMetric, alarmMetrics, dimensionOf, watchesFunction } from '../../model/alarms.js';
import { FUNCTION_TYPES, type LambdaFunction } from '../../model/functions.js';
import { freeId } from '../../model/logical-ids.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Template } from '../../model/template.js';
import { keyOf, textOf } from '../../model/text.js';
import { addResource } from '../../patch/edit.js';
import { ref } from '../../patch/value.js';
import type { AuditRule, Judgement } from '../../rule.js';
import { stem } from '../names.js';
import { alarm } from '../resources.js';
import { alarmTopic } from './topic.js';

export const functionErrors: AuditRule = {
  ...requirement('alarm.function-errors'),
  *judge(template) {
    const metrics = alarmMetrics(template).filter(
      (one) => one.namespace === 'AWS/Lambda' && one.metric === 'Errors',
    );
    const handlers = stripePath(template).handlers;
    const watched = (one: LambdaFunction) =>
      metrics.some((metric) => watchesFunction(template, metric, one.id));
    for (const metric of metrics) yield* judgeDimension(template, metric);
    for (const one of handlers)
      if (!watched(one) && !metrics.some((metric) => means(template, metric, one)))
        yield missing(template, one);
  },
};

/** Whether the alarm was meant for the function, right or wrong. */
function means(template: Template, metric: AlarmMetric, one: LambdaFunction): boolean {
  const value = dimensionOf(metric, 'FunctionName')?.value;
  return template.denoted(value, ...FUNCTION_TYPES)?.resource.id === one.id;
}

function* judgeDimension(template: Template, metric: AlarmMetric): Generator<Judgement> {
  const value = dimensionOf(metric, 'FunctionName')?.value;
  const denoted = template.denoted(value, ...FUNCTION_TYPES);
  if (!value || !denoted || denoted.form === 'name') return;
  yield {
    at: value,
    summary: `${metric.alarm.id} watches the function "${keyOf(textOf(value) ?? [])}", its ARN: there is no such metric, so it never rings.`,
    expected: `the function's name, as Ref of ${denoted.resource.id} gives it`,
    actual: keyOf(textOf(value) ?? []),
    advice: "Give the function's name.",
    patch: [{ kind: 'replace', node: value, value: ref(denoted.resource.id) }],
  };
}

function missing(template: Template, one: LambdaFunction): Judgement {
  const { value: topic, edits } = alarmTopic(template);
  return {
    at: one.resource.entry.at,
    summary: `No alarm watches the errors of ${one.id}.`,
    expected: 'an alarm on AWS/Lambda Errors with FunctionName',
    advice: 'Add the alarm.',
    patch: [
      ...edits,
      addResource(
        freeId(template, `${stem(one.id)}ErrorsAlarm`),
        alarm({
          description: `${one.id} failed on a Stripe event.`,
          namespace: 'AWS/Lambda',
          metric: 'Errors',
          dimensions: [['FunctionName', ref(one.id)]],
          topic,
        }),
      ),
    ],
  };
}
