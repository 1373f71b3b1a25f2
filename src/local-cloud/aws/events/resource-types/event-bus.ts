import type { Properties, ResourceContext, ResourceType } from '../../../kernel/resource-type.js';
import { ignoreMissing } from './missing.js';
import { ownTags, retag, tagsOf } from './tags.js';

const SETTINGS = ['Description', 'KmsKeyIdentifier', 'DeadLetterConfig', 'LogConfig'];

/** `AWS::Events::EventBus`. Ref is the name. */
export const eventBusType: ResourceType = {
  properties: ['Name', 'EventSourceName', 'Policy', 'Tags', ...SETTINGS],
  required: ['Name'],
  createOnly: ['Name', 'EventSourceName'],

  async create(properties, context) {
    const name = String(properties.Name);
    const input = {
      Name: name,
      EventSourceName: properties.EventSourceName,
      ...settings(properties),
      Tags: tagsOf(properties, context),
    };
    await context.call('events', 'CreateEventBus', input);
    if (properties.Policy !== undefined) await putPolicy(name, properties.Policy, context);
    return described(name, context);
  },

  async update(name, next, previous, context) {
    await context.call('events', 'UpdateEventBus', { Name: name, ...settings(next) });
    if (next.Policy !== undefined) await putPolicy(name, next.Policy, context);
    else if (previous.Policy !== undefined)
      await context.call('events', 'RemovePermission', { EventBusName: name, RemoveAllPermissions: true });
    const made = await described(name, context);
    await retag(made.attributes.Arn as string, tagsOf(next, context), context);
    return made;
  },

  async delete(name, _properties, context) {
    await context.call('events', 'DeleteEventBus', { Name: name }).catch(ignoreMissing);
  },

  async read(name, properties, context) {
    const bus = await context.call('events', 'DescribeEventBus', { Name: name }).catch(ignoreMissing);
    if (!bus) return undefined;
    const live: Properties = {};
    for (const property of Object.keys(properties)) {
      if (property === 'Tags') live.Tags = await ownTags(bus.Arn, properties, context);
      else if (property === 'Policy')
        live.Policy = bus.Policy === undefined ? undefined : JSON.parse(bus.Policy);
      else if (property === 'EventSourceName') live.EventSourceName = properties.EventSourceName;
      else live[property] = bus[property];
    }
    return live;
  },
};

async function described(name: string, context: ResourceContext) {
  const bus = await context.call('events', 'DescribeEventBus', { Name: name });
  const attributes: Record<string, string> = { Arn: bus.Arn, Name: bus.Name };
  if (bus.Policy !== undefined) attributes.Policy = bus.Policy;
  return { physicalId: name, attributes };
}

function settings(properties: Properties): Properties {
  return Object.fromEntries(
    SETTINGS.filter((name) => properties[name] !== undefined).map((name) => [name, properties[name]]),
  );
}

async function putPolicy(name: string, policy: unknown, context: ResourceContext): Promise<void> {
  const text = typeof policy === 'string' ? policy : JSON.stringify(policy);
  await context.call('events', 'PutPermission', { EventBusName: name, Policy: text });
}
