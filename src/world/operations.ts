import type {
  OperationName,
  Operations,
  OperationsResponse,
  Probe,
} from '../../handlers/contract/operations.js';
import { wrongMember } from '../../handlers/contract/requests.js';
import { isErrorCode } from '../core/error-codes/entries.js';
import { CachaoError, CannotLookError } from '../core/errors.js';
import { askFunction } from './ask-function.js';
import type { World } from './world.js';

/**
 * Asks the deployed operations function: how the CLI sees the orders database without a route to it.
 * Throws OPERATIONS_MISSING, OPERATIONS_FAILED, FUNCTION_THROTTLED, or the code that the function answered with. A request that is not of
 * the contract's shape is a defect of ours, and is not sent.
 */
export async function operate<N extends OperationName>(
  world: World,
  operation: N,
  request: Operations[N]['request'],
): Promise<Operations[N]['response']> {
  const wrong = wrongMember(operation, request);
  if (wrong !== undefined) throw new Error(`${operation}: ${wrong} is missing or not of its type`);
  const outputs = await world.stackOutputs();
  if (!outputs)
    throw new CannotLookError({
      code: 'OPERATIONS_MISSING',
      message: `The stack ${world.settings.stack.name} has no operations function yet, so the orders database cannot be asked.`,
      next: ['Run cachao setup.'],
    });
  const answer = await askFunction(world, outputs.operationsFunctionName, { operation, ...request });
  if (answer.functionError) throw operationsFailed(operation, answer.payload);
  const response = JSON.parse(answer.payload) as OperationsResponse<N>;
  if (response.ok) return response.result;
  const code = isErrorCode(response.error.code) ? response.error.code : 'OPERATIONS_FAILED';
  const message = `The operations function could not do ${operation}: ${response.error.message}`;
  // A database that is away says nothing about what stands in it.
  if (code === 'DATABASE_UNAVAILABLE')
    throw new CannotLookError({ code, message, next: ['Run cachao doctor.'] });
  throw new CachaoError({ code, message, next: ['See what is wrong, and what to do: cachao doctor'] });
}

/** What the functions see of the world, asked once. */
export function probe(world: World): Promise<Probe> {
  return world.once('operations.probe', () => operate(world, 'probe', {}));
}

function operationsFailed(operation: string, payload: string): CachaoError {
  const failure = readFailure(payload);
  return new CannotLookError({
    code: 'OPERATIONS_FAILED',
    message: `The operations function failed at ${operation}: ${failure}`,
    next: ['Its log group holds the details: /cachao/<stack>/operations in CloudWatch Logs.'],
  });
}

/** `CONFIGURATION: CACHAO_CURRENCY is …`, from the payload of an invocation that failed. */
export function readFailure(payload: string): string {
  try {
    const { errorType, errorMessage } = JSON.parse(payload) as { errorType?: string; errorMessage?: string };
    return [errorType, errorMessage].filter(Boolean).join(': ') || payload.slice(0, 200);
  } catch {
    return payload.slice(0, 200);
  }
}
