import { AwsError } from '../../../kernel/service.js';

/** A resource's failure in the words of CloudFormation's resource handlers. */
export function failureReason(error: unknown, requestToken: string): string {
  if (!(error instanceof AwsError))
    return `Resource handler returned message: "${(error as Error).message}" (RequestToken: ${requestToken}, HandlerErrorCode: InternalFailure)`;
  // CloudFormation's own findings (an attribute that does not exist) have no handler.
  if (error.code === 'ValidationError') return error.message;
  return `Resource handler returned message: "${error.message}" (RequestToken: ${requestToken}, HandlerErrorCode: ${handlerErrorCode(error)})`;
}

function handlerErrorCode(error: AwsError): string {
  const { code } = error;
  if (/AlreadyExist|Conflict|QueueNameExists|BucketAlready|InUse/.test(code)) return 'AlreadyExists';
  if (/AccessDenied|NotAuthorized|AuthorizationError|Forbidden/.test(code)) return 'AccessDenied';
  if (/NotFound|NonExist|NoSuch/.test(code)) return 'NotFound';
  if (/Limit|Quota/.test(code)) return 'ServiceLimitExceeded';
  if (/Throttl|TooManyRequests/.test(code)) return 'Throttling';
  return error.status >= 500 ? 'ServiceInternalError' : 'InvalidRequest';
}

export function isGone(error: unknown): boolean {
  return error instanceof AwsError && /NotFound|NonExist|NoSuch/.test(error.code);
}
