import type { Operation } from '../../kernel/service.js';
import { invalidMember, invalidParameter } from './errors.js';
import type { FunctionRecord } from './function-record.js';
import { qualifierIn, referencedArn } from './function-reference.js';
import type { LambdaState } from './state.js';

interface Reference {
  FunctionName: string;
}

function unqualified(state: LambdaState, { FunctionName }: Reference, region: string): FunctionRecord {
  if (qualifierIn(FunctionName) !== undefined)
    throw invalidParameter(
      'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.',
    );
  return state.find(FunctionName, region);
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
      const record = unqualified(state, input, call.region);
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
      const { reservedConcurrency } = unqualified(state, input, call.region);
      return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
    },
  };
}

export function deleteFunctionConcurrency(state: LambdaState): Operation<Reference> {
  return {
    resource: (input, call) => referencedArn(input.FunctionName, call.region),
    handle: (input, call) => {
      const { reservedConcurrency, ...record } = unqualified(state, input, call.region);
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
