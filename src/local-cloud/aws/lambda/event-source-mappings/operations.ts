import { randomUUID } from 'node:crypto';
import type { Operation } from '../../../kernel/service.js';
import { conflict, inUse, invalidParameter } from '../errors.js';
import type { FunctionRecord } from '../function-record.js';
import { parseReference } from '../function-reference.js';
import { page } from '../read-functions.js';
import { requireAction, roleAllows } from '../role.js';
import type { LambdaState } from '../state.js';
import { type MappingRecord, mappingArn, toMapping } from './mapping-record.js';
import type { Mappings } from './mappings.js';
import { SQS_ACTIONS } from './poller.js';
import { visibilityTimeout } from './queue-attributes.js';
import { checkSettings, type MappingInput } from './settings.js';

export function createMapping(state: LambdaState, mappings: Mappings): Operation<MappingInput> {
  return {
    handle: async (input, call) => {
      const record = state.find(input.FunctionName, call.region);
      const queueArn = checkQueueArn(input.EventSourceArn, call.region);
      checkSettings(input, call.operation);
      checkReader(state, record, queueArn);
      checkVisibility(await visibilityTimeout(call.cloud, queueArn), record);
      const twin = mappings.table
        .values()
        .find(
          (one) => one.functionArn === record.arn && one.queueArn === queueArn && one.wanted !== 'Deleted',
        );
      if (twin)
        throw conflict(
          `An event source mapping with SQS arn (" ${queueArn} ") and function (" ${record.name} ") already exists. Please update or delete the existing mapping with UUID ${twin.uuid}`,
        );
      const mapping: MappingRecord = {
        uuid: randomUUID(),
        region: call.region,
        functionArn: record.arn,
        queueArn,
        batchSize: input.BatchSize ?? 10,
        batchingWindow: input.MaximumBatchingWindowInSeconds ?? 0,
        reportBatchItemFailures: input.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
        ...maximumConcurrency(input),
        state: 'Creating',
        wanted: input.Enabled === false ? 'Disabled' : 'Enabled',
        tags: input.Tags ?? {},
        lastModified: 0,
      };
      if (Object.keys(mapping.tags).length > 0)
        requireAction(call, 'lambda:TagResource', mappingArn(call.region, call.account, mapping.uuid));
      return toMapping(mappings.change(mapping), call.account);
    },
  };
}

export function updateMapping(
  state: LambdaState,
  mappings: Mappings,
): Operation<MappingInput & { UUID: string }> {
  return {
    resource: (input, call) => mappingArn(call.region, call.account, input.UUID),
    handle: (input, call) => {
      const before = settled(mappings.find(input.UUID, call.region));
      const functionArn =
        input.FunctionName === undefined
          ? before.functionArn
          : state.find(input.FunctionName, call.region).arn;
      const { maximumConcurrency: most, ...rest } = before;
      const batchSize = input.BatchSize ?? before.batchSize;
      const batchingWindow = input.MaximumBatchingWindowInSeconds ?? before.batchingWindow;
      checkSettings(
        { ...input, BatchSize: batchSize, MaximumBatchingWindowInSeconds: batchingWindow },
        call.operation,
      );
      const wanted =
        input.Enabled === undefined
          ? (before.state as 'Enabled' | 'Disabled')
          : input.Enabled
            ? 'Enabled'
            : 'Disabled';
      const transition =
        wanted === before.state ? 'Updating' : wanted === 'Enabled' ? 'Enabling' : 'Disabling';
      const changed: MappingRecord = {
        ...rest,
        functionArn,
        batchSize,
        batchingWindow,
        reportBatchItemFailures:
          input.FunctionResponseTypes?.includes('ReportBatchItemFailures') ??
          (input.FunctionResponseTypes === undefined ? before.reportBatchItemFailures : false),
        ...(input.ScalingConfig === undefined
          ? most !== undefined
            ? { maximumConcurrency: most }
            : {}
          : maximumConcurrency(input)),
        state: transition,
        wanted,
      };
      return toMapping(mappings.change(changed), call.account);
    },
  };
}

export function deleteMapping(mappings: Mappings): Operation<{ UUID: string }> {
  return {
    resource: (input, call) => mappingArn(call.region, call.account, input.UUID),
    handle: (input, call) => {
      const record = settled(mappings.find(input.UUID, call.region));
      return toMapping(mappings.change({ ...record, state: 'Deleting', wanted: 'Deleted' }), call.account);
    },
  };
}

export function getMapping(mappings: Mappings): Operation<{ UUID: string }> {
  return {
    resource: (input, call) => mappingArn(call.region, call.account, input.UUID),
    handle: (input, call) => toMapping(mappings.find(input.UUID, call.region), call.account),
  };
}

interface ListInput {
  FunctionName?: string;
  EventSourceArn?: string;
  Marker?: string;
  MaxItems?: string;
}

export function listMappings(mappings: Mappings): Operation<ListInput> {
  return {
    handle: (input, call) => {
      const functionArn =
        input.FunctionName === undefined ? undefined : parseReference(input.FunctionName, call.region);
      const all = mappings.table
        .values()
        .filter((record) => record.region === call.region)
        .filter((record) => functionArn === undefined || record.functionArn === functionArn)
        .filter((record) => input.EventSourceArn === undefined || record.queueArn === input.EventSourceArn)
        .sort((a, b) => (a.uuid < b.uuid ? -1 : 1));
      const { items, NextMarker } = page(all, (record) => record.uuid, input, 100);
      return {
        EventSourceMappings: items.map((record) => toMapping(record, call.account)),
        ...(NextMarker !== undefined && { NextMarker }),
      };
    },
  };
}

/** AWS refuses to touch a mapping that is on its way between states. */
function settled(record: MappingRecord): MappingRecord {
  if (record.state === 'Enabled' || record.state === 'Disabled') return record;
  throw inUse(record.uuid);
}

function checkQueueArn(arn: string | undefined, region: string): string {
  if (arn === undefined || !/^arn:aws:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}(\.fifo)?$/.test(arn))
    throw invalidParameter(
      arn?.startsWith('arn:aws:sqs:')
        ? `Unrecognized event source: ${arn}`
        : `The local cloud maps SQS queues only, not ${arn ?? 'a source without EventSourceArn'}.`,
    );
  if (arn.endsWith('.fifo')) throw invalidParameter(`The local cloud has no FIFO queues: ${arn}`);
  if (arn.split(':')[3] !== region)
    throw invalidParameter(`The event source ${arn} must be in the function's region, ${region}.`);
  return arn;
}

function checkReader(state: LambdaState, record: FunctionRecord, queueArn: string): void {
  const missing = SQS_ACTIONS.find((action) => !roleAllows(state.cloud, record, action, queueArn));
  if (missing !== undefined)
    throw invalidParameter(
      `The provided execution role does not have permissions to call ${missing.slice('sqs:'.length)} on SQS`,
    );
}

function checkVisibility(visibility: number, record: FunctionRecord): void {
  if (visibility < record.timeout)
    throw invalidParameter(
      `Invalid request provided: Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${record.timeout} seconds`,
    );
}

function maximumConcurrency(input: MappingInput): Pick<MappingRecord, 'maximumConcurrency'> {
  const most = input.ScalingConfig?.MaximumConcurrency;
  return most === undefined ? {} : { maximumConcurrency: most };
}
