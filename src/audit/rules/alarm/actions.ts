import { requirement } from '../../../requirements/requirement.js';
import { valueAt } from '../../document/node.js';
import type { Resource, Template } from '../../model/template.js';
import { referenceOf } from '../../model/text.js';
import { setProperty } from '../../patch/edit.js';
import { ref } from '../../patch/value.js';
import type { AuditRule, Judgement } from '../../rule.js';
import { conditionsOf } from '../branch.js';
import { pathAlarms } from '../path-alarms.js';
import { existingTopic } from './topic.js';

export const actions: AuditRule = {
  ...requirement('alarm.actions'),
  *judge(template) {
    const alarms = pathAlarms(template);
    const topics = new Map<string, Resource>();
    for (const alarm of alarms) {
      yield* judgeAlarm(template, alarm);
      for (const { node } of template.items(valueAt(alarm.properties, 'AlarmActions'), alarm.when)) {
        const topic = template.denoted(node, 'AWS::SNS::Topic')?.resource;
        if (topic) topics.set(topic.id, topic);
      }
    }
    for (const topic of topics.values()) yield* judgeTopic(template, topic);
  },
};

function* judgeAlarm(template: Template, alarm: Resource): Generator<Judgement> {
  const off = template
    .property(alarm, 'ActionsEnabled')
    .find(({ node }) => /^false$/i.test(template.plainText(node) ?? ''));
  if (off?.node)
    yield {
      at: off.node,
      summary: `${alarm.id} rings, and its actions are disabled.`,
      expected: 'ActionsEnabled: true',
      actual: 'false',
      advice: 'Enable them.',
    };
  const actions = template.property(alarm, 'AlarmActions');
  const none = actions.some(({ node, when }) => !node || template.items(node, when).length === 0);
  if (!none) return;
  const topic = existingTopic(template);
  const edit =
    topic && !alarm.properties?.entries.has('AlarmActions')
      ? setProperty(alarm, ['AlarmActions'], [ref(topic.id)])
      : undefined;
  const some = actions.find(({ node, when }) => node && template.items(node, when).length > 0);
  const silent = actions.find(({ node, when }) => !node || template.items(node, when).length === 0);
  yield {
    at: alarm.entry.at,
    // Where another branch has actions, somebody decided.
    ...(some ? { severity: 'warn' } : {}),
    summary: `${alarm.id} tells nobody when it rings${some && silent ? conditionsOf(silent.when) : ''}.`,
    expected: 'AlarmActions with an SNS topic',
    advice: topic
      ? `Let it tell ${topic.id}.`
      : 'Add an SNS topic with a subscription, and name it in AlarmActions.',
    patch: edit && [edit],
  };
}

function* judgeTopic(template: Template, topic: Resource): Generator<Judgement> {
  const key = valueAt(topic.properties, 'KmsMasterKeyId');
  if (key && template.plainText(key)?.endsWith('alias/aws/sns'))
    yield {
      at: key,
      summary: `${topic.id} is encrypted with alias/aws/sns, which CloudWatch may not use: no alarm gets through.`,
      expected: 'no key, or one of your own whose policy lets cloudwatch.amazonaws.com use it',
      actual: 'alias/aws/sns',
      advice: 'Take the key away, or use one of your own.',
      patch: topic.properties && [{ kind: 'remove', map: topic.properties, key: 'KmsMasterKeyId' }],
    };
  const inline = template.items(valueAt(topic.properties, 'Subscription'), topic.when).length > 0;
  const separate = template
    .ofType('AWS::SNS::Subscription')
    .some((one) => referenceOf(valueAt(one.properties, 'TopicArn'))?.ref === topic.id);
  if (inline || separate) return;
  yield {
    at: topic.entry.at,
    severity: 'warn',
    summary: `${topic.id} has no subscription in the template.`,
    expected: 'an AWS::SNS::Subscription, confirmed by whoever receives it',
    advice:
      'Subscribe somebody: an address that is read at night. If they are subscribed by hand, say so in a suppression.',
  };
}
