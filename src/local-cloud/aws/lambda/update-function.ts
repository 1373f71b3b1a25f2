import type { Call, Operation } from '../../kernel/service.js';
import { type CodeInput, takeCode } from './code.js';
import {
  type ConfigurationInput,
  checkConfiguration,
  loggingConfig,
  toConfiguration,
} from './configuration.js';
import { environmentOf, vpcOf } from './create-function.js';
import { conflict, preconditionFailed, unsupported } from './errors.js';
import type { FunctionRecord } from './function-record.js';
import { referencedArn } from './function-reference.js';
import { checkDeadLetterTarget, checkRole } from './role.js';
import { checkRuntime } from './runtimes.js';
import type { LambdaState } from './state.js';

interface UpdateFunctionCodeInput extends CodeInput {
  FunctionName: string;
  Architectures?: string[];
  Publish?: boolean;
  DryRun?: boolean;
  RevisionId?: string;
}

/** Runs the zip from the next environment on. */
export function updateFunctionCode(state: LambdaState): Operation<UpdateFunctionCodeInput> {
  return {
    resource: (input, call) => referencedArn(input.FunctionName, call.region),
    handle: async (input, call) => {
      const before = changeable(state, input, call);
      if (input.Publish === true) throw unsupported(call.operation, 'Publish');
      const code = await takeCode(input, call);
      const architectures = input.Architectures ?? before.architectures;
      if (input.DryRun === true)
        return toConfiguration({ ...before, code, architectures }, state.variables(before));
      const current = changeable(state, input, call);
      const record = state.deploy({ ...current, code, architectures }, 'update');
      call.cloud.tell('lambda', `function ${record.name} has new code`);
      return toConfiguration(record, state.variables(record));
    },
  };
}

/** Members that are absent keep their value. */
export function updateFunctionConfiguration(state: LambdaState): Operation<ConfigurationInput> {
  return {
    resource: (input, call) => referencedArn(input.FunctionName, call.region),
    handle: (input, call) => {
      const before = changeable(state, input, call);
      checkConfiguration(input, call.operation);
      const runtime =
        input.Runtime === undefined
          ? before.runtime
          : checkRuntime(input.Runtime, call.cloud.clock.now(), 'update');
      const role = input.Role === undefined ? before.role : checkRole(call, input.Role);
      const changed: FunctionRecord = {
        ...merge(before, input, call),
        runtime,
        role,
      };
      if (
        changed.deadLetterTargetArn !== undefined &&
        (input.DeadLetterConfig !== undefined || input.Role !== undefined)
      )
        checkDeadLetterTarget(call.cloud, changed, changed.deadLetterTargetArn);
      const record = state.deploy(changed, 'update');
      call.cloud.tell('lambda', `function ${record.name} has new configuration`);
      return toConfiguration(record, state.variables(record));
    },
  };
}

function changeable(
  state: LambdaState,
  input: { FunctionName: string; RevisionId?: string },
  call: Call,
): FunctionRecord {
  const record = state.find(input.FunctionName, call.region);
  if (record.state === 'Pending')
    throw conflict(
      'The operation cannot be performed at this time. The function is currently in the following state: Pending',
    );
  if (record.lastUpdateStatus === 'InProgress')
    throw conflict(
      `The operation cannot be performed at this time. An update is in progress for resource: ${record.arn}`,
    );
  if (input.RevisionId !== undefined && input.RevisionId !== record.revisionId) throw preconditionFailed();
  return record;
}

function merge(before: FunctionRecord, input: ConfigurationInput, call: Call): FunctionRecord {
  const { environment, vpcConfig, deadLetterTargetArn, ...kept } = before;
  const target =
    input.DeadLetterConfig === undefined
      ? deadLetterTargetArn
      : input.DeadLetterConfig.TargetArn || undefined;
  return {
    ...kept,
    handler: input.Handler ?? before.handler,
    description: input.Description ?? before.description,
    timeout: input.Timeout ?? before.timeout,
    memorySize: input.MemorySize ?? before.memorySize,
    ephemeralStorage: input.EphemeralStorage?.Size ?? before.ephemeralStorage,
    tracingMode: (input.TracingConfig?.Mode ?? before.tracingMode) as FunctionRecord['tracingMode'],
    logging: loggingConfig(before.name, input.LoggingConfig, before.logging),
    ...(input.KMSKeyArn !== undefined && { kmsKeyArn: input.KMSKeyArn }),
    ...(target !== undefined && { deadLetterTargetArn: target }),
    ...(input.VpcConfig === undefined ? (vpcConfig ? { vpcConfig } : {}) : vpcOf(input)),
    ...(input.Environment === undefined ? (environment ? { environment } : {}) : environmentOf(call, input)),
  };
}
