import { requirement } from '../../../requirements/requirement.js';
import { type AlarmMetric, alarmMetrics, dimensionOf, namesRule } from '../../model/alarms.js';
import { FUNCTION_TYPES } from '../../model/functions.js';
import { pathQueues } from '../../model/path-queues.js';
import { busKind, type EventRule } from '../../model/rules.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Template } from '../../model/template.js';
import { keyOf, referenceOf, textOf } from '../../model/text.js';
import type { Edit } from '../../patch/edit.js';
import { Call, copied, getAtt, ref } from '../../patch/value.js';
import type { AuditRule, Judgement } from '../../rule.js';

export const dimension: AuditRule = {
  ...requirement('audit.alarm-dimension'),
  *judge(template) {
    for (const metric of alarmMetrics(template)) {
      if (metric.namespace === 'AWS/Lambda' && metric.metric !== 'Errors')
        yield* judgeFunction(template, metric);
      if (metric.namespace === 'AWS/SQS') yield* judgeQueue(template, metric);
      if (metric.namespace === 'AWS/Events') yield* judgeRule(template, metric);
    }
  },
};

function* judgeFunction(template: Template, metric: AlarmMetric): Generator<Judgement> {
  const value = dimensionOf(metric, 'FunctionName')?.value;
  const denoted = template.denoted(value, ...FUNCTION_TYPES);
  if (!value || !denoted || denoted.form === 'name') return;
  yield {
    at: value,
    summary: `${metric.alarm.id} watches the function "${keyOf(textOf(value) ?? [])}", its ARN: there is no such metric.`,
    expected: `the function's name, as Ref of ${denoted.resource.id} gives it`,
    actual: keyOf(textOf(value) ?? []),
    advice: "Give the function's name.",
    patch: [{ kind: 'replace', node: value, value: ref(denoted.resource.id) }],
  };
}

function* judgeQueue(template: Template, metric: AlarmMetric): Generator<Judgement> {
  const value = dimensionOf(metric, 'QueueName')?.value;
  const denoted = template.denoted(value, 'AWS::SQS::Queue');
  if (!value || !denoted || denoted.form === 'name') return;
  if (!pathQueues(template).some((queue) => queue.id === denoted.resource.id)) return;
  yield {
    at: value,
    summary: `${metric.alarm.id} watches "${keyOf(textOf(value) ?? [])}", which is ${denoted.form === 'arn' ? 'an ARN' : 'a URL'} and no queue's name.`,
    expected: `${denoted.resource.id}.QueueName`,
    actual: keyOf(textOf(value) ?? []),
    advice: "Give the queue's name.",
    patch: [{ kind: 'replace', node: value, value: getAtt(denoted.resource.id, 'QueueName') }],
  };
}

function* judgeRule(template: Template, metric: AlarmMetric): Generator<Judgement> {
  const value = dimensionOf(metric, 'RuleName');
  const rule = value && stripePath(template).rules.find((one) => means(template, value.value, one));
  if (!value?.value || !rule) return;
  const bus = rule.buses()[0]?.node;
  const onDefault = busKind(template, bus) === 'default';
  if (!namesRule(template, value.value, rule, onDefault))
    yield {
      at: value.value,
      summary: `${metric.alarm.id} watches the rule "${keyOf(textOf(value.value) ?? [])}", which is not its plain name.`,
      expected: "the rule's name; Ref of a rule on a bus of its own gives bus|rule",
      actual: keyOf(textOf(value.value) ?? []),
      advice: 'Take the part behind the bar.',
      patch: onDefault ? undefined : [{ kind: 'replace', node: value.value, value: plainName(rule) }],
    };
  if (onDefault || dimensionOf(metric, 'EventBusName')) return;
  yield {
    at: value.body,
    summary: `${metric.alarm.id} has RuleName alone: metrics of a rule on a partner bus carry EventBusName too.`,
    expected: 'both dimensions',
    actual: 'RuleName',
    advice: 'Add the dimension EventBusName.',
    patch: withBus(metric, bus),
  };
}

const plainName = (rule: EventRule): Call =>
  new Call('Fn::Select', [1, new Call('Fn::Split', ['|', ref(rule.id)])]);

function withBus(metric: AlarmMetric, bus: ReturnType<typeof dimensionValue>): Edit[] | undefined {
  const list = metric.alarm.properties?.entries.get('Dimensions')?.value;
  if (!bus || list?.kind !== 'list') return undefined;
  return [{ kind: 'append', list, value: { Name: 'EventBusName', Value: copied(bus) } }];
}

const dimensionValue = (metric: AlarmMetric, name: string) => dimensionOf(metric, name)?.value;

/** Whether the value was meant for the rule, right or wrong. */
function means(template: Template, node: Parameters<typeof textOf>[0], rule: EventRule): boolean {
  return referenceOf(node)?.ref === rule.id || namesRule(template, node, rule, false);
}
