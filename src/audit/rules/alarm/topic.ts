import { valueAt } from '../../document/node.js';
import { freeId } from '../../model/logical-ids.js';
import type { Resource, Template } from '../../model/template.js';
import { addResource, type Edit } from '../../patch/edit.js';
import { ref, type Value } from '../../patch/value.js';

const NEW_TOPIC = 'AlarmTopic';

/** The topic that new alarms tell: the one that others tell already, the only one that sounds like it, or a new one. */
export function alarmTopic(template: Template): { value: Value; edits: Edit[] } {
  const known = existingTopic(template);
  if (known) return { value: ref(known.id), edits: [] };
  const id = freeId(template, NEW_TOPIC);
  return { value: ref(id), edits: [addResource(id, { Type: 'AWS::SNS::Topic' })] };
}

export function existingTopic(template: Template): Resource | undefined {
  const topics = template.ofType('AWS::SNS::Topic');
  const told = template
    .ofType('AWS::CloudWatch::Alarm')
    .flatMap((alarm) => template.items(valueAt(alarm.properties, 'AlarmActions'), alarm.when))
    .map(({ node }) => template.denoted(node, 'AWS::SNS::Topic')?.resource)
    .find((topic) => topic !== undefined && topic.condition === undefined);
  if (told) return told;
  // A topic that may not be there would take the alarm with it.
  const fitting = topics.filter(
    ({ id, condition }) => condition === undefined && /alarm|alert|fail|notif|ops/i.test(id),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}
