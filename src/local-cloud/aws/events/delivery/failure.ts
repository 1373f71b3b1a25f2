import { AwsError } from '../../../kernel/service.js';

/** Why an attempt failed, in EventBridge's own error codes. */
export interface Failure {
  code: string;
  message: string;
  retryable: boolean;
}

const NO_RESOURCE = /NotFound|NonExistent|NoSuch|DoesNotExist/;
const NO_PERMISSIONS = /AccessDenied|Authorization|NotAuthorized|Unauthorized|KmsAccess/;
const THROTTLING = /Throttl|TooManyRequests|LimitExceeded|OverLimit/;
const INVALID = /InvalidParameter|Validation|TooLarge|InvalidMessage/;

/** EventBridge retries only what may pass by itself: 5xx and throttling. Anything else fails at once. */
export function failureOf(error: unknown): Failure {
  if (error instanceof DeliveryError)
    return { code: error.code, message: error.message, retryable: error.retryable };
  const { message } = error as Error;
  if (!(error instanceof AwsError)) return { code: 'INTERNAL_ERROR', message, retryable: true };
  const { code, status } = error;
  if (status === 429 || THROTTLING.test(code)) return { code: 'THROTTLING', message, retryable: true };
  if (status >= 500) return { code: 'ERROR_FROM_TARGET', message, retryable: true };
  if (NO_RESOURCE.test(code)) return { code: 'NO_RESOURCE', message, retryable: false };
  if (NO_PERMISSIONS.test(code)) return { code: 'NO_PERMISSIONS', message, retryable: false };
  if (INVALID.test(code)) return { code: 'INVALID_PARAMETER', message, retryable: false };
  return { code: 'SDK_CLIENT_ERROR', message, retryable: false };
}

/** A failure that EventBridge finds itself, before or instead of the target's answer. */
export class DeliveryError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly retryable = false,
  ) {
    super(message);
  }
}
