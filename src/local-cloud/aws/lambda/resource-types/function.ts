import type { LocalCloud } from '../../../kernel/cloud.js';
import type { Properties, ResourceContext, ResourceType } from '../../../kernel/resource-type.js';
import { AwsError } from '../../../kernel/service.js';
import { zipInlineSource } from '../code.js';
import { ignoreMissing, livePart, number, same, stated, tagMap } from './values.js';

const CONFIGURATION = [
  'Description',
  'Handler',
  'Role',
  'Runtime',
  'Timeout',
  'MemorySize',
  'Environment',
  'DeadLetterConfig',
  'TracingConfig',
  'VpcConfig',
  'KmsKeyArn',
  'LoggingConfig',
  'EphemeralStorage',
  'SnapStart',
  'Layers',
  'FileSystemConfigs',
  'ImageConfig',
];
/** How often the state of a function is looked at; simulated milliseconds. */
const PACE = 1000;

/** `AWS::Lambda::Function`. Ref is the name. Complete when the function is active. */
export function functionType(cloud: LocalCloud): ResourceType {
  const settle = async (name: string, context: ResourceContext): Promise<void> => {
    for (;;) {
      const live = await context.call('lambda', 'GetFunctionConfiguration', { FunctionName: name });
      if (live.State === 'Active' && live.LastUpdateStatus === 'Successful') return;
      await cloud.clock.sleep(PACE);
    }
  };
  return {
    properties: [
      ...CONFIGURATION,
      'FunctionName',
      'Code',
      'PackageType',
      'Architectures',
      'ReservedConcurrentExecutions',
      'Tags',
    ],
    required: ['Code', 'Role'],
    createOnly: ['FunctionName', 'PackageType'],

    async create(properties, context) {
      const name = (properties.FunctionName as string | undefined) ?? context.generatedName(64);
      const { FunctionArn } = await context.call('lambda', 'CreateFunction', {
        FunctionName: name,
        ...configuration(properties),
        ...stated({ PackageType: properties.PackageType, Architectures: properties.Architectures }),
        Code: code(properties),
        Tags: tagMap(properties.Tags, context),
      });
      try {
        await setConcurrency(name, properties, context);
        await settle(name, context);
      } catch (error) {
        // The stack never learns of this function, so it must not stay.
        await context.call('lambda', 'DeleteFunction', { FunctionName: name }).catch(ignoreMissing);
        throw error;
      }
      return { physicalId: name, attributes: { Arn: String(FunctionArn) } };
    },

    async update(physicalId, next, previous, context) {
      if (!same(next.Code, previous.Code) || !same(next.Architectures, previous.Architectures)) {
        await context.call('lambda', 'UpdateFunctionCode', {
          FunctionName: physicalId,
          ...code(next),
          ...stated({ Architectures: next.Architectures }),
        });
        await settle(physicalId, context);
      }
      if (CONFIGURATION.some((member) => !same(next[member], previous[member]))) {
        await context.call('lambda', 'UpdateFunctionConfiguration', {
          FunctionName: physicalId,
          ...reset(next, previous),
          ...configuration(next),
        });
        await settle(physicalId, context);
      }
      if (!same(next.ReservedConcurrentExecutions, previous.ReservedConcurrentExecutions))
        await setConcurrency(physicalId, next, context);
      const arn = await retag(physicalId, tagMap(next.Tags, context), context);
      return { physicalId, attributes: { Arn: arn } };
    },

    async delete(physicalId, _properties, context) {
      await context.call('lambda', 'DeleteFunction', { FunctionName: physicalId }).catch(ignoreMissing);
    },

    async read(physicalId, properties, context) {
      const live = await context
        .call('lambda', 'GetFunction', { FunctionName: physicalId })
        .catch(ignoreMissing);
      if (!live) return undefined;
      return livePart(properties, liveProperties(properties, live));
    },
  };
}

function configuration(properties: Properties): Record<string, unknown> {
  const { KmsKeyArn, Timeout, MemorySize, EphemeralStorage, Environment, ...rest } = properties;
  const variables = (Environment as { Variables?: Record<string, unknown> } | undefined)?.Variables;
  return stated({
    ...Object.fromEntries(
      CONFIGURATION.filter((member) => member in rest).map((member) => [member, rest[member]]),
    ),
    Timeout: number(Timeout),
    MemorySize: number(MemorySize),
    KMSKeyArn: KmsKeyArn,
    ...(EphemeralStorage !== undefined && {
      EphemeralStorage: { Size: number((EphemeralStorage as { Size: unknown }).Size) },
    }),
    ...(Environment !== undefined && {
      Environment: {
        Variables: Object.fromEntries(
          Object.entries(variables ?? {}).map(([name, value]) => [name, String(value)]),
        ),
      },
    }),
  });
}

/** What a template no longer states goes back to the default; Lambda itself would keep it. */
function reset(next: Properties, previous: Properties): Record<string, unknown> {
  const defaults: Record<string, unknown> = {
    Description: '',
    Timeout: 3,
    MemorySize: 128,
    Environment: { Variables: {} },
    DeadLetterConfig: { TargetArn: '' },
    TracingConfig: { Mode: 'PassThrough' },
    VpcConfig: { SubnetIds: [], SecurityGroupIds: [] },
    LoggingConfig: { LogFormat: 'Text' },
    EphemeralStorage: { Size: 512 },
  };
  return Object.fromEntries(
    Object.entries(defaults).filter(([name]) => previous[name] !== undefined && next[name] === undefined),
  );
}

function code(properties: Properties): Record<string, unknown> {
  const { ZipFile, S3Bucket, S3Key, S3ObjectVersion, ImageUri, ...unknown } = (properties.Code ??
    {}) as Record<string, string>;
  for (const name of Object.keys(unknown))
    if (name !== 'S3ObjectStorageMode')
      throw new AwsError(
        'InvalidRequest',
        `The local cloud does not support Code.${name} of AWS::Lambda::Function.`,
      );
  if (ZipFile !== undefined) return { ZipFile: zipInlineSource(ZipFile, String(properties.Runtime ?? '')) };
  return stated({ S3Bucket, S3Key, S3ObjectVersion, ImageUri });
}

async function setConcurrency(name: string, properties: Properties, context: ResourceContext): Promise<void> {
  const reserved = number(properties.ReservedConcurrentExecutions);
  const live = await context.call('lambda', 'GetFunctionConcurrency', { FunctionName: name });
  if (live.ReservedConcurrentExecutions === reserved) return;
  if (reserved === undefined)
    await context.call('lambda', 'DeleteFunctionConcurrency', { FunctionName: name });
  else
    await context.call('lambda', 'PutFunctionConcurrency', {
      FunctionName: name,
      ReservedConcurrentExecutions: reserved,
    });
}

async function retag(
  name: string,
  wanted: Record<string, string>,
  context: ResourceContext,
): Promise<string> {
  const live = await context.call('lambda', 'GetFunction', { FunctionName: name });
  const arn = String(live.Configuration.FunctionArn);
  const current = (live.Tags ?? {}) as Record<string, string>;
  const gone = Object.keys(current).filter((key) => !(key in wanted));
  if (gone.length > 0) await context.call('lambda', 'UntagResource', { Resource: arn, tagKeys: gone });
  if (Object.entries(wanted).some(([key, value]) => current[key] !== value))
    await context.call('lambda', 'TagResource', { Resource: arn, Tags: wanted });
  return arn;
}

function liveProperties(
  properties: Properties,
  live: { Configuration: Properties; Tags?: Record<string, string>; Concurrency?: Properties },
): Properties {
  const { Configuration, Tags, Concurrency } = live;
  const vpc = Configuration.VpcConfig as Properties | undefined;
  const logging = (properties.LoggingConfig ?? {}) as Properties;
  return {
    ...Configuration,
    KmsKeyArn: Configuration.KMSKeyArn,
    VpcConfig: vpc && { SubnetIds: vpc.SubnetIds, SecurityGroupIds: vpc.SecurityGroupIds },
    LoggingConfig: livePart(logging, Configuration.LoggingConfig as Properties),
    SnapStart: { ApplyOn: 'None' },
    ReservedConcurrentExecutions: Concurrency?.ReservedConcurrentExecutions,
    Tags: Object.entries(Tags ?? {})
      .filter(([Key]) => !Key.startsWith('aws:'))
      .map(([Key, Value]) => ({ Key, Value })),
    // The API does not give code back.
    Code: properties.Code,
  };
}
