import { AwsError } from '../../kernel/service.js';

/** Lambda's errors carry `Type`: `User` when the caller is at fault. */
function userError(
  code: string,
  message: string,
  status: number,
  fields: Record<string, unknown> = {},
): AwsError {
  return new AwsError(code, message, status, { Type: 'User', ...fields });
}

export function invalidParameter(message: string): AwsError {
  return userError('InvalidParameterValueException', message, 400);
}

/** A value outside what the API's model allows; worded as the service front words it. */
export function invalidMember(member: string, value: unknown, constraint: string): AwsError {
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: ${constraint}`,
    400,
  );
}

export function notFound(message: string): AwsError {
  return userError('ResourceNotFoundException', message, 404);
}

export function functionNotFound(arn: string): AwsError {
  return notFound(`Function not found: ${arn}`);
}

export function conflict(message: string): AwsError {
  return userError('ResourceConflictException', message, 409);
}

export function inUse(uuid: string): AwsError {
  return userError(
    'ResourceInUseException',
    `Cannot update the event source mapping because it is in use. UUID: ${uuid}`,
    400,
  );
}

export function preconditionFailed(): AwsError {
  return userError(
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    412,
  );
}

export function tooManyRequests(reason: string): AwsError {
  return userError('TooManyRequestsException', 'Rate Exceeded.', 429, { Reason: reason });
}

export function requestTooLarge(limit: number): AwsError {
  return userError(
    'RequestTooLargeException',
    `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
    413,
  );
}

export function invalidRequestContent(why: string): AwsError {
  return userError(
    'InvalidRequestContentException',
    `Could not parse request body into json: Could not parse payload into json: ${why}`,
    400,
  );
}

export function accessDenied(who: string, action: string, resource: string): AwsError {
  return new AwsError(
    'AccessDeniedException',
    `User: ${who} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
    403,
  );
}

/** Honest refusal of a parameter that the local cloud does not imitate. */
export function unsupported(operation: string, what: string): AwsError {
  return invalidParameter(`The local cloud does not support ${what} of lambda:${operation}.`);
}
