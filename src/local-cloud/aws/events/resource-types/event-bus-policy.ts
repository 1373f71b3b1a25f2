import type { Properties, ResourceContext, ResourceType } from '../../../kernel/resource-type.js';
import { DEFAULT_BUS } from '../names.js';
import { ignoreMissing } from './missing.js';

/** `AWS::Events::EventBusPolicy`: one statement of a bus's policy. */
export const eventBusPolicyType: ResourceType = {
  properties: ['EventBusName', 'StatementId', 'Statement', 'Action', 'Principal', 'Condition'],
  required: ['StatementId'],
  createOnly: ['EventBusName', 'StatementId'],

  async create(properties, context) {
    await put(properties, context);
    return { physicalId: `${busOf(properties)}|${String(properties.StatementId)}`, attributes: {} };
  },

  async update(physicalId, next, _previous, context) {
    await put(next, context);
    return { physicalId, attributes: {} };
  },

  async delete(_physicalId, properties, context) {
    await context
      .call('events', 'RemovePermission', {
        EventBusName: busOf(properties),
        StatementId: properties.StatementId,
      })
      .catch(ignoreMissing);
  },

  async read(_physicalId, properties, context) {
    const live = (await statements(busOf(properties), context)).find(
      ({ Sid }) => Sid === properties.StatementId,
    );
    if (!live) return undefined;
    return { ...properties, ...(properties.Statement === undefined ? {} : { Statement: withoutSid(live) }) };
  },
};

async function put(properties: Properties, context: ResourceContext): Promise<void> {
  const { StatementId, Statement: stated, Action, Principal, Condition } = properties;
  const bus = busOf(properties);
  if (stated === undefined) {
    await context.call('events', 'PutPermission', {
      EventBusName: bus,
      StatementId,
      Action,
      Principal,
      Condition,
    });
    return;
  }
  const others = (await statements(bus, context)).filter(({ Sid }) => Sid !== StatementId);
  const policy = {
    Version: '2012-10-17',
    Statement: [...others, { ...(stated as object), Sid: StatementId }],
  };
  await context.call('events', 'PutPermission', { EventBusName: bus, Policy: JSON.stringify(policy) });
}

async function statements(bus: string, context: ResourceContext): Promise<{ Sid?: string }[]> {
  const described = await context.call('events', 'DescribeEventBus', { Name: bus }).catch(ignoreMissing);
  if (described?.Policy === undefined) return [];
  return [
    (JSON.parse(described.Policy) as { Statement: { Sid?: string } | { Sid?: string }[] }).Statement,
  ].flat();
}

function withoutSid({ Sid: _, ...rest }: { Sid?: string }): object {
  return rest;
}

function busOf(properties: Properties): string {
  return String(properties.EventBusName ?? DEFAULT_BUS);
}
