import { type TemplateNode, valueAt } from '../document/node.js';
import { eventsOf, functionsOf, type LambdaFunction } from './functions.js';
import { type EventRule, invokedFunction } from './rules.js';
import type { Resource, Template } from './template.js';

/** A queue between a rule, or an API, and the functions that take from it. */
export interface Inbox {
  queue: Resource;
  functions: LambdaFunction[];
  /** Where what they failed on goes; undefined: nowhere, it is tried until it expires. */
  deadLetters: Resource | 'elsewhere' | undefined;
}

/** The queues that a rule sends to. */
export function inboxesOf(rule: EventRule): Inbox[] {
  const { template } = rule;
  const queues = rule
    .targets()
    .flatMap(({ arn, when }) => template.possibilities(arn, when))
    .flatMap(({ node }) => template.denoted(node, 'AWS::SQS::Queue')?.resource ?? []);
  return [...new Set(queues)].map((queue) => inboxOf(template, queue));
}

export const inboxOf = (template: Template, queue: Resource): Inbox => ({
  queue,
  functions: consumersOf(template, queue),
  deadLetters: deadLettersOf(template, queue),
});

/** The functions that take from a queue. */
export function consumersOf(template: Template, queue: Resource): LambdaFunction[] {
  const functions = functionsOf(template);
  const isIt = (node: TemplateNode | undefined): boolean =>
    template.denoted(node, 'AWS::SQS::Queue')?.resource.id === queue.id;
  const sam = [...functions.values()].filter((one) =>
    eventsOf(one, 'SQS').some((event) => isIt(valueAt(event.value, 'Properties', 'Queue'))),
  );
  const mapped = template
    .ofType('AWS::Lambda::EventSourceMapping')
    .filter((mapping) => isIt(valueAt(mapping.properties, 'EventSourceArn')))
    .flatMap(
      (mapping) =>
        functions.get(invokedFunction(template, valueAt(mapping.properties, 'FunctionName')) ?? '') ?? [],
    );
  return [...new Set([...sam, ...mapped])];
}

function deadLettersOf(template: Template, queue: Resource): Inbox['deadLetters'] {
  const target = template
    .property(queue, 'RedrivePolicy', 'deadLetterTargetArn')
    .find(({ node }) => node)?.node;
  return target && (template.denoted(target, 'AWS::SQS::Queue')?.resource ?? 'elsewhere');
}
