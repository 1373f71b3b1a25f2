import type { Properties, ResourceContext, ResourceType } from '../../../kernel/resource-type.js';
import { AwsError } from '../../../kernel/service.js';
import { ignoreMissing, livePart, number, stated } from './values.js';

/** `AWS::Lambda::EventInvokeConfig`. Ref is an id of its own; here, function and qualifier. */
export const eventInvokeConfigType: ResourceType = {
  properties: [
    'FunctionName',
    'Qualifier',
    'MaximumRetryAttempts',
    'MaximumEventAgeInSeconds',
    'DestinationConfig',
  ],
  required: ['FunctionName', 'Qualifier'],
  createOnly: ['FunctionName', 'Qualifier'],

  async create(properties, context) {
    const existing = await get(properties, context);
    if (existing)
      throw new AwsError(
        'AlreadyExists',
        `The function ${String(existing.FunctionArn)} already has an EventInvokeConfig.`,
      );
    await put(properties, context);
    const physicalId = `${String(properties.FunctionName)}|${String(properties.Qualifier)}`;
    return { physicalId, attributes: {} };
  },

  async update(physicalId, next, _previous, context) {
    await put(next, context);
    return { physicalId, attributes: {} };
  },

  async delete(_physicalId, { FunctionName, Qualifier }, context) {
    await context
      .call('lambda', 'DeleteFunctionEventInvokeConfig', { FunctionName, Qualifier })
      .catch(ignoreMissing);
  },

  async read(_physicalId, properties, context) {
    const live = await get(properties, context);
    if (!live) return undefined;
    const destinations = live.DestinationConfig as Properties;
    const wanted = (properties.DestinationConfig ?? {}) as Properties;
    return livePart(properties, {
      ...live,
      FunctionName: properties.FunctionName,
      Qualifier: properties.Qualifier,
      DestinationConfig: livePart(wanted, destinations),
    });
  },
};

async function get(
  { FunctionName, Qualifier }: Properties,
  context: ResourceContext,
): Promise<Properties | undefined> {
  return context
    .call('lambda', 'GetFunctionEventInvokeConfig', { FunctionName, Qualifier })
    .catch(ignoreMissing);
}

async function put(properties: Properties, context: ResourceContext): Promise<void> {
  await context.call(
    'lambda',
    'PutFunctionEventInvokeConfig',
    stated({
      FunctionName: properties.FunctionName,
      Qualifier: properties.Qualifier,
      MaximumRetryAttempts: number(properties.MaximumRetryAttempts),
      MaximumEventAgeInSeconds: number(properties.MaximumEventAgeInSeconds),
      DestinationConfig: properties.DestinationConfig ?? {},
    }),
  );
}
