import { requirement } from '../../../requirements/requirement.js';
import { scalarText, type TemplateNode, valueAt } from '../../document/node.js';
import { FUNCTION_TYPES, type LambdaFunction } from '../../model/functions.js';
import { inboxesOf } from '../../model/inboxes.js';
import { freeId } from '../../model/logical-ids.js';
import { like } from '../../model/policies.js';
import { isArnOfRule } from '../../model/rule-arn.js';
import { type EventRule, invokedFunction } from '../../model/rules.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Resource, Template } from '../../model/template.js';
import { keyOf, referenceOf, textOf } from '../../model/text.js';
import { addResource } from '../../patch/edit.js';
import { copied, getAtt, ref, type Value } from '../../patch/value.js';
import type { AuditRule, Judgement } from '../../rule.js';
import { ruleArn } from '../names.js';
import { mayReach, policiesOf } from '../queue-policies.js';
import { ruleSends } from '../resources.js';

export const permission: AuditRule = {
  ...requirement('eventbridge.permission'),
  *judge(template) {
    for (const rule of stripePath(template).rules.filter((one) => !one.owner)) {
      for (const handler of rule.functions()) yield* judgePair(template, rule, handler);
      for (const { queue } of inboxesOf(rule)) yield* judgeInbox(template, rule, queue);
    }
  },
};

function* judgePair(template: Template, rule: EventRule, handler: LambdaFunction): Generator<Judgement> {
  const candidates = permissionsFor(template, handler);
  const judged = candidates.map((one) => ({ one, wrong: faultOf(template, one, rule) }));
  if (judged.some(({ wrong }) => wrong === undefined)) return;
  const nearest = judged.find(({ wrong }) => wrong?.source) ?? judged[0];
  if (nearest?.wrong) {
    yield {
      at: nearest.wrong.at,
      summary: `${nearest.one.id} does not let ${rule.label} in: ${nearest.wrong.what}.`,
      expected: `SourceArn: the ARN of ${rule.label}, bus included`,
      advice: nearest.wrong.advice,
      patch: nearest.wrong.patch,
    };
    return;
  }
  yield {
    at: rule.place,
    summary: `Nothing lets ${rule.label} invoke ${handler.id}.`,
    expected: `an AWS::Lambda::Permission for events.amazonaws.com, from ${rule.label}`,
    advice: 'Add the permission; only SAM does that by itself.',
    patch: [
      addResource(freeId(template, `${handler.id}Permission`), {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName: invoked(template, rule, handler),
          Action: 'lambda:InvokeFunction',
          Principal: 'events.amazonaws.com',
          SourceArn: getAtt(rule.id, 'Arn'),
        },
      }),
    ],
  };
}

/** A queue between the rule and the function lets the rule in by its policy. */
function* judgeInbox(template: Template, rule: EventRule, queue: Resource): Generator<Judgement> {
  if (mayReach(template, rule, queue)) return;
  const patch = [addResource(freeId(template, `${queue.id}Policy`), ruleSends(queue.id, ruleArn(rule)))];
  yield {
    at: rule.place,
    summary: `Nothing lets ${rule.label} send to ${queue.id}.`,
    expected: `an AWS::SQS::QueuePolicy that allows events.amazonaws.com to sqs:SendMessage, from ${rule.label}`,
    advice: 'Add the policy: CloudFormation, unlike the console, does not.',
    patch: policiesOf(template, queue).length === 0 ? patch : undefined,
  };
}

const permissionsFor = (template: Template, handler: LambdaFunction): Resource[] =>
  template
    .ofType('AWS::Lambda::Permission')
    .filter(
      (one) =>
        invokedFunction(template, valueAt(one.properties, 'FunctionName')) === handler.id &&
        scalarText(valueAt(one.properties, 'Principal')) === 'events.amazonaws.com',
    );

/** The function; where the rule invokes an alias or a version of it, that. */
function invoked(template: Template, rule: EventRule, handler: LambdaFunction): Value {
  const arn = rule.targets().find((target) => invokedFunction(template, target.arn) === handler.id)?.arn;
  return arn && !template.denoted(arn, ...FUNCTION_TYPES) ? copied(arn) : ref(handler.id);
}

interface Fault {
  at: TemplateNode;
  what: string;
  advice: string;
  source?: boolean;
  patch?: Judgement['patch'];
}

function faultOf(template: Template, one: Resource, rule: EventRule): Fault | undefined {
  const account = valueAt(one.properties, 'SourceAccount');
  if (account && one.properties)
    return {
      at: account,
      what: 'it has a SourceAccount, which EventBridge does not send',
      advice: 'Take SourceAccount away; the ARN of the rule says enough.',
      source: true,
      patch: [{ kind: 'remove', map: one.properties, key: 'SourceAccount' }],
    };
  const action = valueAt(one.properties, 'Action');
  if (action && scalarText(action) !== undefined && !like(scalarText(action) ?? '', 'lambda:InvokeFunction'))
    return {
      at: action,
      what: `its action is ${scalarText(action)}`,
      advice: 'The action is lambda:InvokeFunction.',
      patch: [{ kind: 'replace', node: action, value: 'lambda:InvokeFunction' }],
    };
  const source = valueAt(one.properties, 'SourceArn');
  if (!source || isArnOfRule(template, source, rule)) return undefined;
  const other = referenceOf(source);
  // A permission of its own for another rule is none of ours.
  if (other && other.ref !== rule.id)
    return { at: source, what: `it is for ${other.ref}`, advice: 'Add a permission for this rule.' };
  return {
    at: source,
    what: `its SourceArn, ${keyOf(textOf(source) ?? [])}, is not that of the rule`,
    advice: "Take the rule's own ARN: on a bus other than default it holds the bus's name too.",
    source: true,
    patch: [{ kind: 'replace', node: source, value: ruleArn(rule) }],
  };
}
