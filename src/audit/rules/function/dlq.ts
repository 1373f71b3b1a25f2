import { requirement } from '../../../requirements/requirement.js';
import { functionDeadLetters } from '../../model/dead-letters.js';
import type { LambdaFunction } from '../../model/functions.js';
import { freeId } from '../../model/logical-ids.js';
import { roleMay } from '../../model/policies.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Resource, Template } from '../../model/template.js';
import { addResource, allOf, type Edit, setProperty } from '../../patch/edit.js';
import { getAtt } from '../../patch/value.js';
import type { AuditRule, Judgement } from '../../rule.js';
import { grant } from '../grant.js';
import { stem } from '../names.js';
import { deadLetterQueue, onlyTls } from '../resources.js';

export const functionDlq: AuditRule = {
  ...requirement('function.dlq'),
  *judge(template) {
    for (const one of stripePath(template).eventFunctions) {
      const letters = functionDeadLetters(one);
      if (letters.length === 0) yield missing(template, one);
      for (const { queue, at } of letters) if (queue) yield* judgeRole(template, one, queue, at);
    }
    for (const { queue, functions, deadLetters } of stripePath(template).inboxes)
      if (!deadLetters && functions.length > 0)
        yield {
          at: queue.entry.at,
          summary: `${queue.id} has no dead-letter queue for events that ${functions.map((one) => one.id).join(' and ')} failed on.`,
          expected: 'RedrivePolicy with deadLetterTargetArn and maxReceiveCount',
          advice: 'Add a queue, and name it in the RedrivePolicy; give it 14 days and an alarm.',
        };
  },
};

function missing(template: Template, one: LambdaFunction): Judgement {
  const id = freeId(template, `${stem(one.id)}FailuresQueue`);
  return {
    at: one.resource.entry.at,
    summary: `${one.id} has no queue for events that it failed on.`,
    expected: one.sam
      ? 'DeadLetterQueue, or an OnFailure destination'
      : 'DeadLetterConfig, or an OnFailure destination',
    advice: 'Add a queue, and name it as the dead-letter queue of the function.',
    patch: patch(template, one, id),
  };
}

function patch(template: Template, one: LambdaFunction, id: string): Edit[] | undefined {
  const path = one.sam ? 'DeadLetterQueue' : 'DeadLetterConfig';
  if (one.resource.properties?.entries.has(path)) return undefined;
  const target = one.sam ? { Type: 'SQS', TargetArn: getAtt(id, 'Arn') } : { TargetArn: getAtt(id, 'Arn') };
  const role = one.role();
  // A role that stands elsewhere may not be allowed to send, and then nothing could be deployed.
  if (!role && !one.roleIsMade()) return undefined;
  return allOf(
    setProperty(one.resource, [path], target),
    addResource(id, deadLetterQueue()),
    addResource(freeId(template, `${id}Policy`), onlyTls(id)),
    ...(role ? [grant(template, role, 'KeepFailures', ['sqs:SendMessage'], getAtt(id, 'Arn'))] : []),
  );
}

function* judgeRole(
  template: Template,
  one: LambdaFunction,
  queue: Resource,
  at: Judgement['at'],
): Generator<Judgement> {
  const role = one.role();
  if (!role || roleMay(template, role, 'sqs:SendMessage', queue)) return;
  yield {
    at,
    summary: `${role.id} may not send to ${queue.id}.`,
    expected: `sqs:SendMessage on ${queue.id} in ${role.id}`,
    advice: 'Let the role of the function send to its queue.',
    patch: allOf(grant(template, role, 'KeepFailures', ['sqs:SendMessage'], getAtt(queue.id, 'Arn'))),
  };
}
