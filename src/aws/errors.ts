import { AccessDeniedError, CachaoError, CannotLookError, type ErrorDetails } from '../core/errors.js';
import { otherEndpoint } from './endpoint.js';
import { credentialsProblem } from './errors-credentials.js';
import { networkProblem } from './errors-network.js';
import type { CallContext, SdkError } from './sdk-error.js';

/** AWS understood and refused: the request is wrong, or the state of things does not allow it. */
export class AwsRefusedError extends CachaoError {
  constructor(
    /** The service's own: `ResourceInUseException`. */
    readonly awsCode: string,
    readonly awsMessage: string,
    details: ErrorDetails,
  ) {
    super(details);
    this.name = 'AwsRefusedError';
  }
}

const DENIED =
  /^(AccessDenied(Exception)?|AuthorizationError(Exception)?|UnauthorizedOperation|Forbidden(Exception)?|NotAuthorized)$/;
const THROTTLED =
  /^(Throttl(ing|ed)(Exception)?|TooManyRequests(Exception)?|RequestLimitExceeded|SlowDown|RequestThrottled(Exception)?|PriorRequestNotComplete|LimitExceeded\.Throttle|KmsThrottled)$/;

/** Whether AWS answered with one of these codes. Takes SDK errors and errors of ours that explain one. */
export function isCode(error: unknown, ...codes: string[]): boolean {
  if (error instanceof AwsRefusedError) return codes.includes(error.awsCode);
  const { name, Code } = (error ?? {}) as SdkError;
  return codes.includes(name) || (Code !== undefined && codes.includes(Code));
}

/** The answer, or undefined when AWS says with one of these codes that the thing does not exist. */
export async function unlessAbsent<T>(answer: Promise<T>, ...codes: string[]): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isCode(error, ...codes)) return undefined;
    throw error;
  }
}

/** Says what an SDK error means for the user. Errors that are neither AWS's nor the network's come back as they are. */
export function explain(thrown: unknown, context: CallContext): unknown {
  if (thrown instanceof CachaoError || !(thrown instanceof Error)) return thrown;
  const error = thrown as SdkError;
  const specific = credentialsProblem(error, context) ?? networkProblem(error, context);
  if (specific) return specific;
  const status = error.$metadata?.httpStatusCode;
  if (!error.$metadata || status === undefined) return thrown;
  if (error.$retryable?.throttling || THROTTLED.test(error.name)) return throttled(error, context);
  if (DENIED.test(error.name) || DENIED.test(error.Code ?? '')) return denied(error, context);
  if (status >= 500 || error.name === 'SyntaxError') return unavailable(error, context);
  if (status === 403 && /^(403|Unknown(Error)?|Forbidden)$/.test(error.name)) return denied(error, context);
  const code = error.Code ?? error.name;
  return new AwsRefusedError(code, error.message, {
    code: 'AWS_REFUSED',
    message: `AWS refused ${context.action}: ${error.message || code} (${code}${requestOf(error)}).`,
    cause: error,
  });
}

function denied(error: SdkError, { action, profile }: CallContext): AccessDeniedError {
  const named = /not authorized to perform: ([\w-]+:\w+)/.exec(error.message)?.[1] ?? action;
  const identity = /User: (arn:\S+)/.exec(error.message)?.[1];
  const explicit = /explicit deny/i.test(error.message);
  return new AccessDeniedError(named, identity ?? `the identity of ${source(profile)}`, {
    code: 'AWS_PERMISSION_MISSING',
    message: `${identity ?? `The identity of ${source(profile)}`} is not authorized to perform ${named}: ${error.message}`,
    why: explicit
      ? 'A policy denies it explicitly (a service control policy, a permissions boundary or a resource policy).'
      : 'No policy allows it.',
    next: ['Have a policy attached that allows it, then run the command again.'],
    cause: error,
  });
}

function throttled(error: SdkError, { action }: CallContext): CannotLookError {
  return new CannotLookError({
    code: 'AWS_THROTTLED',
    message: `AWS kept refusing ${action} because of its rate limit, after ${error.$metadata?.attempts ?? 1} attempts.`,
    next: ['Wait a minute and run the command again; it goes on from where it was.'],
    cause: error,
  });
}

function unavailable(error: SdkError, { action, region }: CallContext): CannotLookError {
  const status = error.$metadata?.httpStatusCode;
  const other = otherEndpoint(process.env);
  return new CannotLookError({
    code: 'AWS_UNAVAILABLE',
    message: `AWS answered ${action} in ${region} with ${status}: ${(error.message || error.name).replace(/\.$/, '')}${requestOf(error)}.`,
    next: [
      `${other === undefined ? 'Look at https://health.aws.amazon.com' : `It was ${other} that answered in the place of AWS: look into its log (of the local cloud: .cachao/local/cloud.log)`}, then run the command again; it goes on from where it was.`,
    ],
    cause: error,
  });
}

function requestOf(error: SdkError): string {
  return error.$metadata?.requestId ? `, request ${error.$metadata.requestId}` : '';
}

function source(profile: string | null): string {
  return profile === null ? 'the AWS credentials in use' : `the AWS profile "${profile}"`;
}
