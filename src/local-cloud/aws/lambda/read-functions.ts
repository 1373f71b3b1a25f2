import type { LocalCloud } from '../../kernel/cloud.js';
import type { Operation } from '../../kernel/service.js';
import { toConfiguration } from './configuration.js';
import { invalidParameter } from './errors.js';
import type { FunctionRecord } from './function-record.js';
import { referencedArn } from './function-reference.js';
import type { LambdaState } from './state.js';

interface Reference {
  FunctionName: string;
  Qualifier?: string;
}

/** Below it the zip of a function is found by its hash, which who may not read the function cannot guess. */
export const CODE_PATH = '/_aws/lambda-code/';

/** The zip that a function has, by the hash in its `Code.Location`. */
export function codeOf(cloud: LocalCloud, hash: string): Uint8Array | undefined {
  const functions = cloud.store.table<FunctionRecord>('lambda.functions').values();
  return functions.some(({ code }) => code.blob === hash) ? cloud.store.blob(hash) : undefined;
}

export function getFunction(state: LambdaState): Operation<Reference> {
  return {
    resource: (input, call) => referencedArn(input.FunctionName, call.region),
    handle: (input, call) => {
      const record = state.find(input.FunctionName, call.region, input.Qualifier);
      return {
        Configuration: toConfiguration(record, state.variables(record)),
        Code: {
          RepositoryType: 'S3',
          Location: `${state.cloud.addresses.aws}${CODE_PATH}${record.code.blob}`,
        },
        ...(Object.keys(record.tags).length > 0 && { Tags: record.tags }),
        ...(record.reservedConcurrency !== undefined && {
          Concurrency: { ReservedConcurrentExecutions: record.reservedConcurrency },
        }),
      };
    },
  };
}

export function getFunctionConfiguration(state: LambdaState): Operation<Reference> {
  return {
    resource: (input, call) => referencedArn(input.FunctionName, call.region),
    handle: (input, call) => {
      const record = state.find(input.FunctionName, call.region, input.Qualifier);
      return toConfiguration(record, state.variables(record));
    },
  };
}

/** In order of name; a list never says `State` or `LastUpdateStatus`. */
export function listFunctions(state: LambdaState): Operation<{ Marker?: string; MaxItems?: string }> {
  return {
    handle: (input, call) => {
      const { items, NextMarker } = page(state.inRegion(call.region), (record) => record.name, input);
      const Functions = items.map((record) => {
        const { State, StateReason, StateReasonCode, LastUpdateStatus, ...configuration } = toConfiguration(
          record,
          state.variables(record),
        );
        return configuration;
      });
      return { Functions, ...(NextMarker !== undefined && { NextMarker }) };
    },
  };
}

/** One page of a sorted list; the marker is the last key of the page before, in base64. */
export function page<T>(
  all: T[],
  key: (item: T) => string,
  { Marker, MaxItems }: { Marker?: string; MaxItems?: string | number },
  most = 50,
): { items: T[]; NextMarker?: string } {
  const size = Math.min(MaxItems === undefined ? most : Number(MaxItems), most);
  if (!Number.isInteger(size) || size < 1)
    throw invalidParameter(`MaxItems ${MaxItems} is not a positive integer.`);
  const after =
    Marker === undefined || Marker === '' ? undefined : Buffer.from(Marker, 'base64').toString('utf8');
  const rest = after === undefined ? all : all.filter((item) => key(item) > after);
  const items = rest.slice(0, size);
  const last = items.at(-1);
  if (rest.length <= size || last === undefined) return { items };
  return { items, NextMarker: Buffer.from(key(last)).toString('base64') };
}
