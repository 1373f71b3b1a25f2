import { ACCOUNT } from '../../kernel/cloud.js';
import { AwsError } from '../../kernel/service.js';

export function badRequest(message: string): AwsError {
  return new AwsError('BadRequestException', message, 400);
}

export function conflict(message: string): AwsError {
  return new AwsError('ConflictException', message, 409);
}

/** `what` as API Gateway names it: `Stage`, `Resource`, `Method`, `Deployment`. */
export function unknownIdentifier(what: string): AwsError {
  return new AwsError('NotFoundException', `Invalid ${what} identifier specified`, 404);
}

export function unknownApi(id: string): AwsError {
  return new AwsError('NotFoundException', `Invalid API identifier specified ${ACCOUNT}:${id}`, 404);
}

/** Honest refusal of what the local cloud does not imitate. */
export function unsupported(what: string): AwsError {
  return badRequest(`The local cloud does not support ${what} of API Gateway.`);
}
