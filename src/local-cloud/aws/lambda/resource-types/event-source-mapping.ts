import type { LocalCloud } from '../../../kernel/cloud.js';
import type { Properties, ResourceContext, ResourceType } from '../../../kernel/resource-type.js';
import { boolean, ignoreMissing, livePart, number, stated } from './values.js';

/** How often the state of a mapping is looked at; simulated milliseconds. */
const PACE = 1000;

/** `AWS::Lambda::EventSourceMapping` of an SQS queue. Ref is the UUID. */
export function eventSourceMappingType(cloud: LocalCloud): ResourceType {
  const settle = async (UUID: string, context: ResourceContext): Promise<void> => {
    for (;;) {
      const live = await context.call('lambda', 'GetEventSourceMapping', { UUID }).catch(ignoreMissing);
      if (!live || live.State === 'Enabled' || live.State === 'Disabled') return;
      await cloud.clock.sleep(PACE);
    }
  };
  return {
    properties: [
      'FunctionName',
      'EventSourceArn',
      'Enabled',
      'BatchSize',
      'MaximumBatchingWindowInSeconds',
      'FunctionResponseTypes',
      'ScalingConfig',
      'Tags',
    ],
    required: ['FunctionName', 'EventSourceArn'],
    createOnly: ['EventSourceArn'],

    async create(properties, context) {
      const { UUID, EventSourceMappingArn } = await context.call(
        'lambda',
        'CreateEventSourceMapping',
        settings(properties),
      );
      await settle(UUID, context);
      return { physicalId: UUID, attributes: { Id: UUID, EventSourceMappingArn } };
    },

    async update(physicalId, next, previous, context) {
      await settle(physicalId, context);
      const { EventSourceArn, ...changed } = settings(next);
      const gone = Object.fromEntries(
        Object.entries(DEFAULTS).filter(([name]) => previous[name] !== undefined && next[name] === undefined),
      );
      const { EventSourceMappingArn } = await context.call('lambda', 'UpdateEventSourceMapping', {
        UUID: physicalId,
        ...gone,
        ...changed,
      });
      await settle(physicalId, context);
      return { physicalId, attributes: { Id: physicalId, EventSourceMappingArn } };
    },

    async delete(physicalId, _properties, context) {
      await settle(physicalId, context);
      await context.call('lambda', 'DeleteEventSourceMapping', { UUID: physicalId }).catch(ignoreMissing);
      await settle(physicalId, context);
    },

    async read(physicalId, properties, context) {
      const live = await context
        .call('lambda', 'GetEventSourceMapping', { UUID: physicalId })
        .catch(ignoreMissing);
      if (!live) return undefined;
      return livePart(properties, {
        ...live,
        FunctionName: properties.FunctionName,
        Enabled: live.State === 'Enabled',
        Tags: properties.Tags,
      });
    },
  };
}

/** What a property goes back to when a template no longer states it. */
const DEFAULTS: Record<string, unknown> = {
  Enabled: true,
  BatchSize: 10,
  MaximumBatchingWindowInSeconds: 0,
  FunctionResponseTypes: [],
  ScalingConfig: {},
};

function settings(properties: Properties): Record<string, unknown> {
  const { Tags, ScalingConfig, ...rest } = properties;
  const tags = (Tags ?? []) as { Key: string; Value: string }[];
  const most = number((ScalingConfig as { MaximumConcurrency?: unknown } | undefined)?.MaximumConcurrency);
  return stated({
    ...rest,
    Enabled: boolean(rest.Enabled),
    BatchSize: number(rest.BatchSize),
    MaximumBatchingWindowInSeconds: number(rest.MaximumBatchingWindowInSeconds),
    ScalingConfig: ScalingConfig === undefined ? undefined : stated({ MaximumConcurrency: most }),
    Tags: tags.length > 0 ? Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])) : undefined,
  });
}
