import { requirement } from '../../../requirements/requirement.js';
import { scalarText, valueAt } from '../../document/node.js';
import { deliveryDeadLetters } from '../../model/dead-letters.js';
import { freeId } from '../../model/logical-ids.js';
import type { EventRule, RuleTarget } from '../../model/rules.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Resource, Template } from '../../model/template.js';
import { addResource, type Edit, setAt } from '../../patch/edit.js';
import { getAtt } from '../../patch/value.js';
import type { AuditRule, Judgement } from '../../rule.js';
import { ruleArn, stem } from '../names.js';
import { mayReach, policiesOf } from '../queue-policies.js';
import { deadLetterQueue, onlyRuleSends, ruleSends } from '../resources.js';

export const dlq: AuditRule = {
  ...requirement('eventbridge.dlq'),
  *judge(template) {
    for (const rule of stripePath(template).rules)
      for (const target of rule.targets())
        for (const letters of deliveryDeadLetters(rule, target))
          if (!letters) yield missing(template, rule, target);
          else if (letters.queue) yield* judgeQueue(template, rule, letters.queue, letters.at);
  },
};

function missing(template: Template, rule: EventRule, target: RuleTarget): Judgement {
  const id = freeId(template, `${stem(rule.owner?.id ?? rule.id)}DeliveryFailuresQueue`);
  const edit = target.body.entries.has('DeadLetterConfig')
    ? undefined
    : setAt(target.body, ['DeadLetterConfig'], { Arn: getAtt(id, 'Arn') });
  return {
    at: rule.place,
    summary: `${rule.label} has no dead-letter queue for what it cannot deliver.`,
    expected: 'DeadLetterConfig with the ARN of an SQS queue whose policy lets this rule send',
    advice: "Add a queue, its policy, and the target's DeadLetterConfig.",
    patch: edit && [
      edit,
      addResource(id, deadLetterQueue()),
      addResource(freeId(template, `${id}Policy`), onlyRuleSends(id, ruleArn(rule))),
    ],
  };
}

function* judgeQueue(
  template: Template,
  rule: EventRule,
  queue: Resource,
  at: Judgement['at'],
): Generator<Judgement> {
  if (/^true$/i.test(scalarText(valueAt(queue.properties, 'FifoQueue')) ?? ''))
    yield {
      at,
      summary: `${queue.id} is a FIFO queue, which EventBridge does not send dead letters to.`,
      expected: 'a standard queue',
      actual: 'FifoQueue: true',
      advice: 'Use a standard queue.',
    };
  const policies = policiesOf(template, queue);
  if (mayReach(template, rule, queue)) return;
  yield {
    at,
    summary: `${queue.id} has no policy that lets ${rule.label} send to it.`,
    expected: 'an AWS::SQS::QueuePolicy that allows events.amazonaws.com to sqs:SendMessage, for this rule',
    advice: 'Add the policy: CloudFormation, unlike the console, does not.',
    patch: policies.length === 0 ? policyPatch(template, rule, queue) : undefined,
  };
}

function policyPatch(template: Template, rule: EventRule, queue: Resource): Edit[] {
  return [addResource(freeId(template, `${queue.id}Policy`), ruleSends(queue.id, ruleArn(rule)))];
}
