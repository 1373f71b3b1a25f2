import type { Call, Operation } from '../../../kernel/service.js';
import { parameterNotFound } from '../errors.js';
import { type Parameters, parameterArn } from '../state.js';
import { validNames } from './read.js';

interface DeleteInput {
  Name: string;
  Names: string[];
}

export function deleteOperations(parameters: Parameters): Record<string, Operation<DeleteInput>> {
  const arnOf = (name: string, call: Call) => parameterArn(call.region, call.account, String(name));
  return {
    DeleteParameter: {
      resource: (input, call) => arnOf(input.Name, call),
      handle(input, call) {
        if (!parameters.delete(call.region, input.Name)) throw parameterNotFound();
        return {};
      },
    },
    DeleteParameters: {
      resource: (input, call) => (input.Names ?? []).map((name) => arnOf(name, call)),
      handle(input, call) {
        const deleted = validNames(input.Names).filter((name) => parameters.delete(call.region, name));
        const missing = input.Names.filter((name) => !deleted.includes(name));
        return { DeletedParameters: deleted, InvalidParameters: missing };
      },
    },
  };
}
