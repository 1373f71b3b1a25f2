import { CannotLookError } from '../core/errors.js';
import type { CallContext, SdkError } from './errors.js';

const EXPIRED = /^(ExpiredToken(Exception)?|RequestExpired|TokenRefreshRequired|ExpiredTokenId)$/;
const INVALID =
  /^(InvalidClientTokenId|UnrecognizedClient(Exception)?|InvalidAccessKeyId|AuthFailure|InvalidSignature(Exception)?|SignatureDoesNotMatch|IncompleteSignature(Exception)?|MissingAuthenticationToken(Exception)?|InvalidToken)$/;
const NO_PROVIDER = /^(CredentialsProviderError|TokenProviderError|ProviderError)$/;
const CLOCK = /Signature (expired|not yet current)|RequestTimeTooSkewed/;

/** Errors of the credentials; undefined for any other. */
export function credentialsProblem(error: SdkError, context: CallContext): CannotLookError | undefined {
  const code = error.Code ?? error.name;
  if (NO_PROVIDER.test(error.name))
    return /expired|refresh|aws sso login/i.test(error.message)
      ? expired(error, context)
      : missing(error, context);
  if (CLOCK.test(error.message) || CLOCK.test(code)) return skewed(error);
  if (EXPIRED.test(code) || EXPIRED.test(error.name)) return expired(error, context);
  if (INVALID.test(code) || INVALID.test(error.name)) return invalid(error, context);
  return undefined;
}

function missing(error: SdkError, { profile }: CallContext): CannotLookError {
  return new CannotLookError({
    code: 'AWS_CREDENTIALS_MISSING',
    message:
      profile === null
        ? `No AWS credentials were found: ${error.message}`
        : `No AWS credentials were found for the profile "${profile}": ${error.message}`,
    why: 'Looked, as the AWS CLI does, at the environment, the profiles, SSO, and the container or instance.',
    next: [
      'Sign in with `aws sso login` or `aws configure`, or set AWS_PROFILE, then run the command again.',
      'To try everything without an account, add --local.',
    ],
    cause: error,
  });
}

function expired(error: SdkError, { profile }: CallContext): CannotLookError {
  return new CannotLookError({
    code: 'AWS_CREDENTIALS_EXPIRED',
    message: `The AWS credentials ${profile === null ? '' : `of the profile "${profile}" `}have expired: ${error.message}`,
    next: [
      `Sign in again, for example with \`aws sso login${profile === null ? '' : ` --profile ${profile}`}\`, then run the command again.`,
    ],
    cause: error,
  });
}

function invalid(error: SdkError, { profile, region }: CallContext): CannotLookError {
  return new CannotLookError({
    code: 'AWS_CREDENTIALS_INVALID',
    message: `AWS in ${region} does not accept the credentials ${profile === null ? 'in use' : `of the profile "${profile}"`}: ${error.message}`,
    why: `They were deleted or mistyped, belong to another partition, or the region ${region} is not enabled in the account.`,
    next: [
      `See which identity answers with \`aws sts get-caller-identity\`, correct the keys, the profile or the region ${region}, and run the command again.`,
    ],
    cause: error,
  });
}

function skewed(error: SdkError): CannotLookError {
  return new CannotLookError({
    code: 'AWS_CLOCK_SKEWED',
    message: `AWS refused the request because of its time: ${error.message}`,
    why: "This machine's clock differs from AWS's by more than five minutes.",
    next: ['Set the clock, or switch on its synchronisation, and run the command again.'],
    cause: error,
  });
}
