import { isMap, scalarText, type TemplateNode, valueAt } from '../document/node.js';
import { FUNCTION_TYPES, type LambdaFunction } from './functions.js';
import type { EventRule, RuleTarget } from './rules.js';
import type { Resource, Template } from './template.js';
import type { Possibility } from './values.js';

/** Where events go that could not be handed over, or that the function failed on. */
export interface DeadLetters {
  /** Where it is said. */
  at: TemplateNode;
  /** The queue in this template. */
  queue: Resource | undefined;
  /** Logical id of a queue that SAM makes by itself. */
  made: string | undefined;
  /** An on-failure destination, whose messages carry the error. */
  destination: boolean;
}

/** What a target says about its dead-letter queue, in every branch; undefined: nothing. */
export function deliveryDeadLetters(rule: EventRule, target: RuleTarget): (DeadLetters | undefined)[] {
  const { template } = rule;
  return template.at(target.body, ['DeadLetterConfig'], target.when).map(({ node }) => {
    if (!node) return undefined;
    const arn = valueAt(node, 'Arn');
    const type = scalarText(valueAt(node, 'Type'));
    if (!arn && type === 'SQS' && rule.owner) {
      const id = scalarText(valueAt(node, 'QueueLogicalId'));
      return { at: node, queue: undefined, made: id ?? `${rule.id}Queue`, destination: false };
    }
    return arn ? { at: arn, queue: queueOf(template, arn), made: undefined, destination: false } : undefined;
  });
}

/** What a function says about events that it failed on, in every branch; empty: nothing. */
export function functionDeadLetters(one: LambdaFunction): DeadLetters[] {
  const { template } = one;
  const targets = one
    .at(one.sam ? 'DeadLetterQueue' : 'DeadLetterConfig', 'TargetArn')
    .flatMap(({ node }) => letters(template, node, false));
  return [...targets, ...destinationsOf(one)];
}

function destinationsOf(one: LambdaFunction): DeadLetters[] {
  const { template } = one;
  const own = one.sam ? one.at('EventInvokeConfig', 'DestinationConfig', 'OnFailure') : [];
  const made = own.flatMap(({ node }) => {
    if (!isMap(node)) return [];
    const destination = valueAt(node, 'Destination');
    if (destination) return letters(template, destination, true);
    return [
      { at: node, queue: undefined, made: `${one.id}EventInvokeConfigOnFailureQueue`, destination: true },
    ];
  });
  const separate = invokeConfigsOf(one).flatMap((config) =>
    template
      .property(config, 'DestinationConfig', 'OnFailure', 'Destination')
      .flatMap(({ node }) => letters(template, node, true)),
  );
  return [...made, ...separate];
}

/** The plain resources that say how the function is invoked asynchronously. */
export const invokeConfigsOf = ({ template, id }: LambdaFunction): Resource[] =>
  template
    .ofType('AWS::Lambda::EventInvokeConfig')
    .filter(
      (one) =>
        template.denoted(valueAt(one.properties, 'FunctionName'), ...FUNCTION_TYPES)?.resource.id === id,
    );

/** What the function, or its invoke configuration, says about one of its asynchronous settings. */
export function asyncSetting(one: LambdaFunction, name: string): Possibility[] {
  const own = one.sam ? one.at('EventInvokeConfig', name) : [];
  return [...own, ...invokeConfigsOf(one).flatMap((config) => one.template.property(config, name))];
}

const letters = (template: Template, node: TemplateNode | undefined, destination: boolean): DeadLetters[] =>
  node ? [{ at: node, queue: queueOf(template, node), made: undefined, destination }] : [];

const queueOf = (template: Template, arn: TemplateNode): Resource | undefined =>
  template.denoted(arn, 'AWS::SQS::Queue')?.resource;
