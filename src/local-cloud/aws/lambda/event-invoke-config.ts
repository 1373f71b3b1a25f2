import type { LocalCloud } from '../../kernel/cloud.js';
import type { Operation } from '../../kernel/service.js';
import { invalidMember, invalidParameter, notFound, unsupported } from './errors.js';
import type { EventInvokeConfigRecord, FunctionRecord } from './function-record.js';
import { referencedArn } from './function-reference.js';
import { page } from './read-functions.js';
import { roleAllows } from './role.js';
import type { LambdaState } from './state.js';

interface Reference {
  FunctionName: string;
  Qualifier?: string;
}

interface EventInvokeConfigInput extends Reference {
  MaximumRetryAttempts?: number;
  MaximumEventAgeInSeconds?: number;
  DestinationConfig?: { OnSuccess?: { Destination?: string }; OnFailure?: { Destination?: string } };
}

const DESTINATIONS: Record<string, { action: string; verb: string }> = {
  sqs: { action: 'sqs:SendMessage', verb: 'SendMessage' },
  sns: { action: 'sns:Publish', verb: 'Publish' },
  lambda: { action: 'lambda:InvokeFunction', verb: 'InvokeFunction' },
  events: { action: 'events:PutEvents', verb: 'PutEvents' },
};

/** Put replaces everything that was configured; Update keeps what the input does not state. */
export function writeEventInvokeConfig(
  state: LambdaState,
  how: 'put' | 'update',
): Operation<EventInvokeConfigInput> {
  return {
    resource: (input, call) => referencedArn(input.FunctionName, call.region),
    handle: (input, call) => {
      const record = state.find(input.FunctionName, call.region, input.Qualifier);
      check(input);
      const before = state.eventInvokeConfigs.get(record.arn);
      if (how === 'update' && !before) throw noConfig(record);
      const config: EventInvokeConfigRecord = {
        ...(how === 'update' ? before : {}),
        ...(input.MaximumRetryAttempts !== undefined && { maximumRetryAttempts: input.MaximumRetryAttempts }),
        ...(input.MaximumEventAgeInSeconds !== undefined && {
          maximumEventAge: input.MaximumEventAgeInSeconds,
        }),
        ...destination(call.cloud, record, 'onSuccess', input.DestinationConfig?.OnSuccess?.Destination),
        ...destination(call.cloud, record, 'onFailure', input.DestinationConfig?.OnFailure?.Destination),
        lastModified: call.cloud.clock.now(),
      };
      state.eventInvokeConfigs.set(record.arn, config);
      return toEventInvokeConfig(record, config);
    },
  };
}

function check({
  MaximumRetryAttempts,
  MaximumEventAgeInSeconds,
  DestinationConfig,
}: EventInvokeConfigInput): void {
  if (
    MaximumRetryAttempts === undefined &&
    MaximumEventAgeInSeconds === undefined &&
    DestinationConfig === undefined
  )
    throw invalidParameter('You must specify at least one of error handling or destination setting.');
  checkRange('maximumRetryAttempts', MaximumRetryAttempts, 0, 2);
  checkRange('maximumEventAgeInSeconds', MaximumEventAgeInSeconds, 60, 21_600);
}

function checkRange(member: string, value: number | undefined, minimum: number, maximum: number): void {
  if (value === undefined) return;
  if (!Number.isInteger(value) || value < minimum)
    throw invalidMember(member, value, `Member must have value greater than or equal to ${minimum}`);
  if (value > maximum)
    throw invalidMember(member, value, `Member must have value less than or equal to ${maximum}`);
}

/** AWS tries the role's permission on the destination now; whether it exists shows only later. */
function destination<K extends 'onSuccess' | 'onFailure'>(
  cloud: LocalCloud,
  record: FunctionRecord,
  key: K,
  arn: string | undefined,
): Partial<Pick<EventInvokeConfigRecord, K>> {
  if (arn === undefined || arn === '') return {};
  const service = /^arn:aws:([a-z0-9]+):/.exec(arn)?.[1];
  if (service === 's3') throw unsupported('PutFunctionEventInvokeConfig', 'S3 destinations');
  const wanted = service === undefined ? undefined : DESTINATIONS[service];
  if (!wanted)
    throw invalidParameter(`The provided destination config DestinationConfig(${arn}) is invalid.`);
  if (arn === record.arn)
    throw invalidParameter('You cannot specify the function as a destination for itself.');
  if (arn.endsWith('.fifo'))
    throw invalidParameter('FIFO queues and topics are not supported as a destination.');
  if (!roleAllows(cloud, record, wanted.action, arn))
    throw invalidParameter(
      `The function's execution role does not have permissions to call ${wanted.verb} on ${arn}`,
    );
  return { [key]: arn } as Partial<Pick<EventInvokeConfigRecord, K>>;
}

export function getEventInvokeConfig(state: LambdaState): Operation<Reference> {
  return {
    resource: (input, call) => referencedArn(input.FunctionName, call.region),
    handle: (input, call) => {
      const record = state.find(input.FunctionName, call.region, input.Qualifier);
      const config = state.eventInvokeConfigs.get(record.arn);
      if (!config) throw noConfig(record);
      return toEventInvokeConfig(record, config);
    },
  };
}

export function listEventInvokeConfigs(
  state: LambdaState,
): Operation<Reference & { Marker?: string; MaxItems?: string }> {
  return {
    resource: (input, call) => referencedArn(input.FunctionName, call.region),
    handle: (input, call) => {
      const record = state.find(input.FunctionName, call.region);
      const config = state.eventInvokeConfigs.get(record.arn);
      const { items } = page(config ? [config] : [], () => record.arn, input);
      return { FunctionEventInvokeConfigs: items.map((item) => toEventInvokeConfig(record, item)) };
    },
  };
}

export function deleteEventInvokeConfig(state: LambdaState): Operation<Reference> {
  return {
    resource: (input, call) => referencedArn(input.FunctionName, call.region),
    handle: (input, call) => {
      const record = state.find(input.FunctionName, call.region, input.Qualifier);
      if (!state.eventInvokeConfigs.delete(record.arn)) throw noConfig(record);
    },
  };
}

function noConfig(record: FunctionRecord) {
  return notFound(`The function ${record.arn}:$LATEST doesn't have an EventInvokeConfig`);
}

function toEventInvokeConfig(
  record: FunctionRecord,
  config: EventInvokeConfigRecord,
): Record<string, unknown> {
  return {
    LastModified: new Date(config.lastModified),
    FunctionArn: `${record.arn}:$LATEST`,
    ...(config.maximumRetryAttempts !== undefined && { MaximumRetryAttempts: config.maximumRetryAttempts }),
    ...(config.maximumEventAge !== undefined && { MaximumEventAgeInSeconds: config.maximumEventAge }),
    DestinationConfig: {
      OnSuccess: config.onSuccess === undefined ? {} : { Destination: config.onSuccess },
      OnFailure: config.onFailure === undefined ? {} : { Destination: config.onFailure },
    },
  };
}
