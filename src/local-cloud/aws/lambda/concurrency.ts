import type { Operation } from '../../kernel/service.js';
import { invalidMember, invalidParameter } from './errors.js';
import { referencedArn } from './function-reference.js';
import type { LambdaState } from './state.js';

interface Reference {
  FunctionName: string;
}

/** What every account must leave to functions without a reservation: 100, or 10 where the quota itself is below 100. */
function minimumUnreserved(accountConcurrency: number): number {
  return accountConcurrency >= 100 ? 100 : 10;
}

export function putFunctionConcurrency(
  state: LambdaState,
): Operation<Reference & { ReservedConcurrentExecutions?: number }> {
  return {
    resource: (input, call) => referencedArn(input.FunctionName, call.region),
    handle: (input, call) => {
      const record = state.find(input.FunctionName, call.region);
      const reserved = input.ReservedConcurrentExecutions;
      if (typeof reserved !== 'number' || !Number.isInteger(reserved) || reserved < 0)
        throw invalidMember(
          'reservedConcurrentExecutions',
          reserved,
          'Member must have value greater than or equal to 0',
        );
      const account = state.accountConcurrency(call.region);
      const minimum = minimumUnreserved(account);
      // Zero switches the function off; it takes nothing from the others.
      if (reserved > 0 && account - state.reservedTotal(call.region, record.arn) - reserved < minimum)
        throw invalidParameter(
          `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${minimum}].`,
        );
      state.save({ ...record, reservedConcurrency: reserved });
      return { ReservedConcurrentExecutions: reserved };
    },
  };
}

export function getFunctionConcurrency(state: LambdaState): Operation<Reference> {
  return {
    resource: (input, call) => referencedArn(input.FunctionName, call.region),
    handle: (input, call) => {
      const { reservedConcurrency } = state.find(input.FunctionName, call.region);
      return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
    },
  };
}

export function deleteFunctionConcurrency(state: LambdaState): Operation<Reference> {
  return {
    resource: (input, call) => referencedArn(input.FunctionName, call.region),
    handle: (input, call) => {
      const { reservedConcurrency, ...record } = state.find(input.FunctionName, call.region);
      state.save(record);
    },
  };
}

export function getAccountSettings(state: LambdaState): Operation<Record<never, never>> {
  return {
    handle: (_input, call) => {
      const functions = state.inRegion(call.region);
      const account = state.accountConcurrency(call.region);
      return {
        AccountLimit: {
          TotalCodeSize: 80_530_636_800,
          CodeSizeUnzipped: 262_144_000,
          CodeSizeZipped: 52_428_800,
          ConcurrentExecutions: account,
          UnreservedConcurrentExecutions: account - state.reservedTotal(call.region),
        },
        AccountUsage: {
          TotalCodeSize: functions.reduce((sum, record) => sum + record.code.size, 0),
          FunctionCount: functions.length,
        },
      };
    },
  };
}
