import { scalarText, type TemplateNode, valueAt } from '../document/node.js';
import { permits, type Statement, statementsIn } from '../model/policies.js';
import { isArnOfRule } from '../model/rule-arn.js';
import { type EventRule, rulesOf } from '../model/rules.js';
import type { Resource, Template } from '../model/template.js';
import { referenceOf, textOf } from '../model/text.js';

/** The policies that the template puts on a queue. */
export const policiesOf = (template: Template, queue: Resource): Resource[] =>
  template
    .ofType('AWS::SQS::QueuePolicy')
    .filter((policy) =>
      template
        .items(valueAt(policy.properties, 'Queues'), policy.when)
        .some(({ node }) => referenceOf(node)?.ref === queue.id),
    );

export const statementsOn = (template: Template, queue: Resource): Statement[] =>
  policiesOf(template, queue).flatMap((policy) =>
    statementsIn(template, valueAt(policy.properties, 'PolicyDocument')),
  );

/** Whether the queue's policy lets the rule send to it. */
export const mayReach = (template: Template, rule: EventRule, queue: Resource): boolean =>
  statementsOn(template, queue).some((one) => letsIn(template, one, rule, queue));

/** Whether a statement lets the rule send. One that names another sender does not. */
function letsIn(template: Template, statement: Statement, rule: EventRule, queue: Resource): boolean {
  if (!isForEvents(statement.principal) || !permits(template, statement, 'sqs:SendMessage', queue))
    return false;
  const named = ['ArnEquals', 'ArnLike', 'StringEquals', 'StringLike'].flatMap((operator) =>
    template.items(valueAt(statement.condition, operator, 'aws:SourceArn')),
  );
  return named.length === 0 || named.some(({ node }) => node !== undefined && mayName(template, node, rule));
}

/** Whether a sender is the rule, or what only the deployment knows. */
function mayName(template: Template, node: TemplateNode, rule: EventRule): boolean {
  const reference = referenceOf(node);
  if (!reference)
    return (
      isArnOfRule(template, node, rule) ||
      textOf(node)?.some((part) => typeof part !== 'string' && part.ref.startsWith('?')) === true
    );
  const isOther =
    template.resources.has(reference.ref) || rulesOf(template).some((one) => one.id === reference.ref);
  return reference.ref === rule.id || !isOther;
}

function isForEvents(principal: ReturnType<typeof valueAt>): boolean {
  if (scalarText(principal) === '*' || scalarText(valueAt(principal, 'AWS')) === '*') return true;
  const service = valueAt(principal, 'Service');
  const names = service?.kind === 'list' ? service.items : [service];
  return names.some((name) => scalarText(name) === 'events.amazonaws.com');
}
