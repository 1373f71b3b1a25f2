import { CannotLookError } from '../core/errors.js';
import type { CallContext, SdkError } from './sdk-error.js';

const EXPIRED = /^(ExpiredToken(Exception)?|RequestExpired|TokenRefreshRequired|ExpiredTokenId)$/;
const INVALID =
  /^(InvalidClientTokenId|UnrecognizedClient(Exception)?|InvalidAccessKeyId|AuthFailure|InvalidSignature(Exception)?|SignatureDoesNotMatch|IncompleteSignature(Exception)?|MissingAuthenticationToken(Exception)?|InvalidToken)$/;
const NO_PROVIDER = /^(CredentialsProviderError|TokenProviderError|ProviderError)$/;
const CLOCK = /Signature (expired|not yet current)|RequestTimeTooSkewed/;

/** Errors of the credentials; undefined for any other. */
export function credentialsProblem(error: SdkError, context: CallContext): CannotLookError | undefined {
  const code = error.Code ?? error.name;
  if (/MFA code|MultiFactorAuthentication/i.test(error.message)) return mfaProblem(error, context);
  if (NO_PROVIDER.test(error.name))
    return /expired|refresh|aws sso login/i.test(error.message)
      ? expired(error, context)
      : missing(error, context);
  if (CLOCK.test(error.message) || CLOCK.test(code)) return skewed(error);
  if (EXPIRED.test(code) || EXPIRED.test(error.name)) return expired(error, context);
  if (INVALID.test(code) || INVALID.test(error.name)) return invalid(error, context);
  return undefined;
}

/** AWS takes a code once, and only while the device shows it. */
function mfaProblem(error: SdkError, { profile }: CallContext): CannotLookError {
  const refused = /MultiFactorAuthentication/i.test(error.message);
  return new CannotLookError({
    code: refused ? 'AWS_MFA_CODE_REFUSED' : 'AWS_MFA_CODE_NEEDED',
    message: refused
      ? `AWS refused the code of the MFA device: ${error.message}`
      : `The AWS profile ${profile === null ? 'in use' : `"${profile}"`} wants the code of an MFA device, and there is no terminal to ask for it.`,
    next: refused
      ? ['Wait until the device shows the next code, since AWS takes each once, and run the command again.']
      : [
          'Run the command on a terminal. Elsewhere (CI) get keys first with `aws sts get-session-token` or `aws sts assume-role` and put them into AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.',
        ],
    cause: error,
  });
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
