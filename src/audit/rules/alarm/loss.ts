import { requirement } from '../../../requirements/requirement.js';
import type { Span } from '../../document/node.js';
import { valueAt } from '../../document/node.js';
import {
  type AlarmMetric,
  alarmMetrics,
  watchesFunction,
  watchesQueue,
  watchesRule,
} from '../../model/alarms.js';
import { functionDeadLetters } from '../../model/dead-letters.js';
import { freeId } from '../../model/logical-ids.js';
import { pathQueues } from '../../model/path-queues.js';
import { isRelay } from '../../model/relays.js';
import { busKind, type EventRule } from '../../model/rules.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Template } from '../../model/template.js';
import { addResource, type Edit } from '../../patch/edit.js';
import { Call, copied, getAtt, ref, type Value } from '../../patch/value.js';
import type { AuditRule, Judgement } from '../../rule.js';
import { onPartnerBus, stem } from '../names.js';
import { alarm } from '../resources.js';
import { alarmTopic } from './topic.js';

export const loss: AuditRule = {
  ...requirement('alarm.loss'),
  *judge(template) {
    const metrics = alarmMetrics(template);
    const unwatched = signalsOf(template).filter((signal) => !metrics.some((one) => signal.watchedBy(one)));
    const [first] = unwatched;
    if (first) yield missing(template, first.at, unwatched);
  },
};

/** One metric that says that events are being lost. */
interface Signal {
  at: Span;
  what: string;
  watchedBy(metric: AlarmMetric): boolean;
  /** The alarm to add; undefined while what it would watch is not settled. */
  alarm: { id: string; value(topic: Value): Value } | undefined;
}

function missing(template: Template, at: Span, unwatched: readonly Signal[]): Judgement {
  const { value: topic, edits } = alarmTopic(template);
  const added = unwatched.flatMap(({ alarm: one }): Edit[] =>
    one ? [addResource(freeId(template, one.id), one.value(topic))] : [],
  );
  return {
    at,
    summary: `No alarm watches ${unwatched.map((signal) => signal.what).join('; ')}.`,
    expected: 'an alarm on each of them',
    advice:
      'Add the alarms. Those of a rule on a partner bus need both dimensions, EventBusName and RuleName.',
    patch: added.length > 0 ? [...edits, ...added] : undefined,
  };
}

function signalsOf(template: Template): Signal[] {
  const path = stripePath(template);
  return [
    ...path.rules.flatMap((rule) => [
      ruleSignal(template, rule, 'FailedInvocations', 'deliveries that failed'),
      ruleSignal(template, rule, 'InvocationsFailedToBeSentToDlq', 'failures to reach its dead-letter queue'),
    ]),
    ...pathQueues(template).map((queue): Signal => {
      const name = getAtt(queue.id, 'QueueName');
      return {
        at: queue.resource?.entry.at ?? queue.at,
        what: `the depth of ${queue.id}`,
        watchedBy: (metric) =>
          metric.namespace === 'AWS/SQS' &&
          /^ApproximateNumberOfMessagesVisible$|^ApproximateAgeOfOldestMessage$|^NumberOfMessagesSent$/.test(
            metric.metric,
          ) &&
          watchesQueue(template, metric, queue.resource ?? queue.id),
        alarm: {
          id: `${queue.id}Alarm`,
          value: (topic) =>
            alarm({
              description: `Stripe events wait in ${queue.id}: they were not delivered, or failed.`,
              namespace: 'AWS/SQS',
              metric: 'ApproximateNumberOfMessagesVisible',
              dimensions: [['QueueName', name]],
              statistic: 'Maximum',
              topic,
            }),
        },
      };
    }),
    ...path.eventFunctions.flatMap((one) => {
      const letters = functionDeadLetters(one);
      const wanted = [
        ...(letters.some((each) => !each.destination) ? ['DeadLetterErrors'] : []),
        ...(letters.some((each) => each.destination) ? ['DestinationDeliveryFailures'] : []),
      ];
      return wanted.map(
        (metric): Signal => ({
          at: one.resource.entry.at,
          what: `failures of ${one.id} to reach its queue (${metric})`,
          watchedBy: (each) =>
            each.namespace === 'AWS/Lambda' &&
            each.metric === metric &&
            watchesFunction(template, each, one.id),
          alarm: {
            id: `${stem(one.id)}${metric}Alarm`,
            value: (topic) =>
              alarm({
                description: `Events that ${one.id} failed on could not be kept in its queue: they are lost.`,
                namespace: 'AWS/Lambda',
                metric,
                dimensions: [['FunctionName', ref(one.id)]],
                topic,
              }),
          },
        }),
      );
    }),
  ];
}

function ruleSignal(template: Template, rule: EventRule, metric: string, what: string): Signal {
  return {
    at: rule.place,
    what: `${what} of ${rule.label} (${metric})`,
    watchedBy: (one) =>
      one.namespace === 'AWS/Events' && one.metric === metric && watchesRule(template, one, rule),
    // Which bus it is must be settled first: the dimensions hold its name.
    alarm:
      rule.buses().length === 1 && (onPartnerBus(rule) || isRelay(rule))
        ? {
            id: `${rule.id}${metric}Alarm`,
            value: (topic) =>
              alarm({
                description: `EventBridge lost, or could not deliver, events of ${rule.label}.`,
                namespace: 'AWS/Events',
                metric,
                dimensions: dimensionsOf(template, rule),
                topic,
              }),
          }
        : undefined,
  };
}

/** On the default bus, the rule's name alone. */
function dimensionsOf(template: Template, rule: EventRule): (readonly [string, Value])[] {
  const bus = rule.buses()[0]?.node;
  if (!bus || busKind(template, bus) === 'default') {
    const stated = valueAt(rule.properties, rule.owner ? 'RuleName' : 'Name');
    return [['RuleName', stated ? copied(stated) : ref(rule.id)]];
  }
  return [
    ['EventBusName', copied(bus)],
    ['RuleName', ruleName(rule)],
  ];
}

/** The plain name: `Ref` of a rule on a partner bus is `bus|rule`. */
function ruleName(rule: EventRule): Value {
  const stated = valueAt(rule.properties, rule.owner ? 'RuleName' : 'Name');
  if (stated) return copied(stated);
  return new Call('Fn::Select', [1, new Call('Fn::Split', ['|', ref(rule.id)])]);
}
