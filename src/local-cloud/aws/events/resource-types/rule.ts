import type {
  CreatedResource,
  Properties,
  ResourceContext,
  ResourceType,
} from '../../../kernel/resource-type.js';
import { AwsError } from '../../../kernel/service.js';
import { DEFAULT_BUS, looseBusName } from '../names.js';
import type { Target } from '../records.js';
import { ignoreMissing } from './missing.js';
import { ownTags, retag, tagsOf } from './tags.js';

/** `AWS::Events::Rule`. Ref is the name on the default bus and `<bus>|<name>` on any other. */
export const ruleType: ResourceType = {
  properties: [
    'Name',
    'Description',
    'EventBusName',
    'EventPattern',
    'ScheduleExpression',
    'State',
    'Targets',
    'RoleArn',
    'Tags',
  ],
  createOnly: ['Name', 'EventBusName'],

  async create(properties, context) {
    const bus = looseBusName(properties.EventBusName);
    const name = (properties.Name as string | undefined) ?? context.generatedName(64);
    // PutRule would overwrite a rule of that name; CloudFormation does not.
    const existing = await describe(bus, name, context).catch(ignoreMissing);
    if (existing)
      throw new AwsError(
        'AlreadyExists',
        `Resource of type 'AWS::Events::Rule' with identifier '{"/properties/Arn":"${existing.Arn}"}' already exists.`,
      );
    return put(bus, name, properties, [], context);
  },

  async update(physicalId, next, previous, context) {
    const { bus, name } = split(physicalId);
    const made = await put(bus, name, next, idsOf(previous), context);
    await retag(made.attributes.Arn as string, tagsOf(next, context), context);
    return made;
  },

  async delete(physicalId, _properties, context) {
    const { bus, name } = split(physicalId);
    const listed = await context
      .call('events', 'ListTargetsByRule', { Rule: name, EventBusName: bus })
      .catch(ignoreMissing);
    const ids = ((listed?.Targets ?? []) as Target[]).map(({ Id }) => Id);
    if (ids.length > 0)
      await context.call('events', 'RemoveTargets', { Rule: name, EventBusName: bus, Ids: ids });
    if (listed)
      await context.call('events', 'DeleteRule', { Name: name, EventBusName: bus }).catch(ignoreMissing);
  },

  async read(physicalId, properties, context) {
    const { bus, name } = split(physicalId);
    const rule = await describe(bus, name, context).catch(ignoreMissing);
    if (!rule) return undefined;
    const live: Properties = {};
    for (const property of Object.keys(properties)) {
      if (property === 'EventPattern')
        live.EventPattern = patternInShapeOf(properties.EventPattern, rule.EventPattern);
      else if (property === 'Targets') live.Targets = await liveTargets(bus, name, context);
      else if (property === 'Tags') live.Tags = await ownTags(rule.Arn, properties, context);
      else if (property === 'EventBusName') live.EventBusName = properties.EventBusName;
      else live[property] = rule[property];
    }
    return live;
  },
};

async function put(
  bus: string,
  name: string,
  properties: Properties,
  previousIds: string[],
  context: ResourceContext,
): Promise<CreatedResource> {
  const { Targets: _1, Tags: _2, Name: _3, EventBusName: _4, EventPattern: pattern, ...rest } = properties;
  const { RuleArn: arn } = await context.call('events', 'PutRule', {
    ...rest,
    Name: name,
    EventBusName: bus,
    ...(pattern === undefined
      ? {}
      : { EventPattern: typeof pattern === 'string' ? pattern : JSON.stringify(pattern) }),
    Tags: tagsOf(properties, context),
  });
  const targets = targetsOf(properties);
  const gone = previousIds.filter((id) => !targets.some(({ Id }) => Id === id));
  const at = { Rule: name, EventBusName: bus };
  if (gone.length > 0) await context.call('events', 'RemoveTargets', { ...at, Ids: gone });
  if (targets.length > 0) await context.call('events', 'PutTargets', { ...at, Targets: targets });
  return { physicalId: bus === DEFAULT_BUS ? name : `${bus}|${name}`, attributes: { Arn: arn as string } };
}

/** Partner bus names contain slashes, so only the bar separates. */
function split(physicalId: string): { bus: string; name: string } {
  const bar = physicalId.indexOf('|');
  if (bar < 0) return { bus: DEFAULT_BUS, name: physicalId };
  return { bus: physicalId.slice(0, bar), name: physicalId.slice(bar + 1) };
}

function describe(bus: string, name: string, context: ResourceContext) {
  return context.call('events', 'DescribeRule', { Name: name, EventBusName: bus });
}

/** Templates may write numbers as text. */
function targetsOf(properties: Properties): Target[] {
  return ((properties.Targets ?? []) as Target[]).map((target) => {
    if (!target.RetryPolicy) return target;
    const numbers = Object.entries(target.RetryPolicy).map(([name, value]) => [name, Number(value)]);
    return { ...target, RetryPolicy: Object.fromEntries(numbers) as NonNullable<Target['RetryPolicy']> };
  });
}

function idsOf(properties: Properties): string[] {
  return ((properties.Targets ?? []) as Target[]).map(({ Id }) => Id);
}

async function liveTargets(bus: string, name: string, context: ResourceContext): Promise<Target[]> {
  return ((await context.call('events', 'ListTargetsByRule', { Rule: name, EventBusName: bus })).Targets ??
    []) as Target[];
}

function patternInShapeOf(stated: unknown, live: string | undefined): unknown {
  return typeof stated === 'string' || live === undefined ? live : JSON.parse(live);
}
