import type { OperationsRequest } from '../contract/operations.js';
import { isOperation, wrongMember } from '../contract/requests.js';
import { RequestError } from './request-error.js';

/** @throws RequestError UNKNOWN_OPERATION or INVALID_REQUEST, naming the member */
export function validate(value: unknown): OperationsRequest {
  const request = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const { operation } = request;
  if (!isOperation(operation))
    throw new RequestError('UNKNOWN_OPERATION', `There is no operation "${String(operation).slice(0, 64)}".`);
  const wrong = wrongMember(operation, request);
  if (wrong !== undefined)
    throw new RequestError('INVALID_REQUEST', `${operation}: ${wrong} is missing or not of its type.`);
  return request as unknown as OperationsRequest;
}
