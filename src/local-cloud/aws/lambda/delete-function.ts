import type { Operation } from '../../kernel/service.js';
import { referencedArn } from './function-reference.js';
import type { Runner } from './runtime/runner.js';
import type { LambdaState } from './state.js';

/** The function goes with its policy, its configuration of asynchronous invocation and its environments; its log group stays. */
export function deleteFunction(
  state: LambdaState,
  runner: Runner,
): Operation<{ FunctionName: string; Qualifier?: string }> {
  return {
    resource: (input, call) => referencedArn(input.FunctionName, call.region),
    handle: (input, call) => {
      const { arn, name } = state.find(input.FunctionName, call.region, input.Qualifier);
      state.functions.delete(arn);
      state.policies.delete(arn);
      state.eventInvokeConfigs.delete(arn);
      runner.remove(arn);
      call.cloud.tell('lambda', `function ${name} deleted`);
      return {};
    },
  };
}
