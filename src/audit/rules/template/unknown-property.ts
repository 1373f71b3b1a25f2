import { requirement } from '../../../requirements/requirement.js';
import { isMap, type MapEntry, type MapNode, scalarText, valueAt } from '../../document/node.js';
import { eventsOf, functionsOf } from '../../model/functions.js';
import type { Edit } from '../../patch/edit.js';
import type { Value } from '../../patch/value.js';
import type { AuditRule, Judgement } from '../../rule.js';

type Correction = (map: MapNode, entry: MapEntry) => Edit[] | undefined;

interface Mistake {
  instead: string;
  /** What to write; where the property can be put right by itself. */
  patch?: Correction;
}

const remove = (map: MapNode, entry: MapEntry): Edit[] => [{ kind: 'remove', map, key: entry.key }];

const EVENT_RULE: Record<string, Mistake> = {
  Description: {
    instead: "Leave it out: SAM's EventBridgeRule has none. An AWS::Events::Rule of your own has.",
    patch: remove,
  },
  Targets: {
    instead:
      'Leave it out: the target is the function. RetryPolicy and DeadLetterConfig stand beside Pattern.',
    patch: (map, entry) => (map.entries.has('RetryPolicy') ? remove(map, entry) : undefined),
  },
  EventPattern: { instead: 'Write Pattern.', patch: renamed('Pattern') },
  Name: { instead: 'Write RuleName, or leave it out.' },
  DeadLetterQueue: { instead: 'Write DeadLetterConfig, with the ARN of a queue.' },
};

/** Properties that look right and are not: SAM refuses them, CloudFormation too, or nothing reads them. */
const BY_TYPE: Record<string, Record<string, Mistake>> = {
  'AWS::Serverless::Api': {
    Throttle: {
      instead: 'Write MethodSettings with ThrottlingBurstLimit and ThrottlingRateLimit.',
      patch: throttle,
    },
    ThrottleSettings: {
      instead: 'Write MethodSettings with ThrottlingBurstLimit and ThrottlingRateLimit.',
      patch: throttle,
    },
    DefaultRouteSettings: { instead: 'Write MethodSettings: this is no HTTP API.' },
  },
  'AWS::Serverless::HttpApi': {
    MethodSettings: { instead: 'Write DefaultRouteSettings: this is an HTTP API.' },
    Throttle: { instead: 'Write DefaultRouteSettings with ThrottlingBurstLimit and ThrottlingRateLimit.' },
  },
  'AWS::Serverless::Function': {
    DeadLetterConfig: { instead: 'Write DeadLetterQueue with Type and TargetArn.' },
    TracingConfig: { instead: 'Write Tracing: Active.' },
    Code: { instead: 'Write CodeUri or InlineCode.' },
    LogRetention: { instead: 'Write a log group with RetentionInDays, and LoggingConfig.' },
  },
  'AWS::Lambda::Function': {
    DeadLetterQueue: { instead: 'Write DeadLetterConfig with TargetArn; DeadLetterQueue is SAM.' },
    Tracing: { instead: 'Write TracingConfig with Mode: Active; Tracing is SAM.' },
    EventInvokeConfig: { instead: 'Write an AWS::Lambda::EventInvokeConfig; as a property it is SAM.' },
    Events: { instead: 'Write the rule and the permission; Events is SAM.' },
    Policies: { instead: 'Write them on the role; Policies is SAM.' },
    CodeUri: { instead: 'Write Code; CodeUri is SAM.' },
  },
  'AWS::Events::Rule': {
    Pattern: { instead: 'Write EventPattern; Pattern is SAM.', patch: renamed('EventPattern') },
    RuleName: { instead: 'Write Name; RuleName is SAM.', patch: renamed('Name') },
    RetryPolicy: { instead: 'Write it on the target.' },
    DeadLetterConfig: { instead: 'Write it on the target.' },
    Enabled: { instead: 'Write State: ENABLED.' },
  },
};

export const unknownProperty: AuditRule = {
  ...requirement('audit.unknown-property'),
  *judge(template) {
    for (const [type, mistakes] of Object.entries(BY_TYPE))
      for (const resource of template.ofType(type))
        yield* judgeMap(resource.id, type, resource.properties, mistakes);
    for (const one of functionsOf(template).values())
      for (const event of eventsOf(one, 'EventBridgeRule', 'CloudWatchEvent')) {
        const properties = valueAt(event.value, 'Properties');
        yield* judgeMap(
          `${one.id}.${event.key}`,
          `SAM's ${scalarText(valueAt(event.value, 'Type'))}`,
          properties,
          EVENT_RULE,
        );
        yield* judgeBothStates(one.id, event);
      }
  },
};

function* judgeMap(
  id: string,
  type: string,
  properties: ReturnType<typeof valueAt>,
  mistakes: Record<string, Mistake>,
): Generator<Judgement> {
  if (!isMap(properties)) return;
  for (const entry of properties.entries.values()) {
    const mistake = Object.hasOwn(mistakes, entry.key) ? mistakes[entry.key] : undefined;
    if (!mistake || entry.merged) continue;
    yield {
      at: entry.at,
      summary: `${id} has ${entry.key}, which ${type} does not know.`,
      actual: entry.key,
      advice: mistake.instead,
      patch: mistake.patch?.(properties, entry),
    };
  }
}

/** `State` and `Enabled` together are an error. */
function* judgeBothStates(id: string, event: MapEntry): Generator<Judgement> {
  const properties = valueAt(event.value, 'Properties');
  if (!isMap(properties) || !properties.entries.has('State')) return;
  const enabled = properties.entries.get('Enabled');
  if (!enabled) return;
  yield {
    at: enabled.at,
    summary: `${id}.${event.key} has State and Enabled, which SAM refuses together.`,
    expected: 'State alone',
    advice: 'Keep State.',
    patch: remove(properties, enabled),
  };
}

function renamed(to: string): Correction {
  return (map, entry) =>
    map.entries.has(to) || entry.value.kind !== 'scalar'
      ? undefined
      : [{ kind: 'rename', map, from: entry.key, key: to, value: entry.value.text }];
}

/** `Throttle` says the same in words of its own. */
function throttle(map: MapNode, entry: MapEntry): Edit[] | undefined {
  if (map.entries.has('MethodSettings')) return remove(map, entry);
  const numbers = ['BurstLimit', 'RateLimit'].map((name) => Number(scalarText(valueAt(entry.value, name))));
  if (numbers.some((number) => !Number.isFinite(number))) return undefined;
  const [burst = 0, rate = 0] = numbers;
  const value: Value = [
    { ResourcePath: '/*', HttpMethod: '*', ThrottlingBurstLimit: burst, ThrottlingRateLimit: rate },
  ];
  return [{ kind: 'rename', map, from: entry.key, key: 'MethodSettings', value }];
}
