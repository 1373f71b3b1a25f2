import { AwsError } from '../../kernel/service.js';
import { eventPattern } from '../events/pattern/index.js';
import type { MessageAttributes } from './message-attributes.js';
import type { Subscription } from './records.js';

/** Throws `InvalidParameter` unless it is a filter policy for this scope. An empty one lets everything pass. */
export function checkFilterPolicy(policy: string, scope: Subscription['filterPolicyScope']): void {
  if (isEmpty(policy)) return;
  try {
    eventPattern(policy);
  } catch (error) {
    throw invalid((error as Error).message.replace(/^Event pattern is not valid\. Reason: /, ''));
  }
  const nested = Object.values(JSON.parse(policy) as object).some((value) => !Array.isArray(value));
  if (nested && scope !== 'MessageBody')
    throw invalid('Filter policy scope MessageAttributes does not support nested filter policy');
}

/** Whether the subscription wants this message: its language is that of event patterns. */
export function passes(subscription: Subscription, message: string, attributes: MessageAttributes): boolean {
  if (isEmpty(subscription.filterPolicy)) return true;
  const wanted = eventPattern(subscription.filterPolicy);
  if (subscription.filterPolicyScope === 'MessageBody') return wanted(parsed(message));
  return wanted(
    Object.fromEntries(
      Object.entries(attributes).flatMap(([name, { DataType, StringValue }]) =>
        StringValue === undefined ? [] : [[name, comparable(DataType, StringValue)]],
      ),
    ),
  );
}

function isEmpty(policy: string): boolean {
  return policy === '' || /^\s*\{\s*\}\s*$/.test(policy);
}

function comparable(type: string, value: string): unknown {
  if (type === 'Number') return Number(value);
  return type === 'String.Array' ? parsed(value) : value;
}

/** What is no JSON has no members, so that no policy matches it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function invalid(why: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: FilterPolicy: ${why}`);
}
