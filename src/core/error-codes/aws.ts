import type { ErrorTable } from './types.js';

/** What AWS, its credentials or the way to it refuse. */
export const AWS_ERRORS = {
  AWS_CLOCK_SKEWED: {
    what: 'AWS refused a request because of its time.',
    why: "This machine's clock differs from AWS's by more than five minutes.",
    next: 'Set the clock, or switch on its synchronisation, and run the command again.',
    example: 'AWS refused the request because of its time: Signature expired',
  },
  AWS_CREDENTIALS_EXPIRED: {
    what: 'The AWS credentials have expired.',
    why: 'Sign-ins with SSO and assumed roles last for hours.',
    next: 'Sign in again, for example with aws sso login, and run the command again.',
    example: 'The AWS credentials of the profile "shop" have expired: Token is expired',
  },
  AWS_CREDENTIALS_INVALID: {
    what: 'AWS does not accept the credentials.',
    why: 'They were deleted or mistyped, belong to another partition, or the region is not enabled in the account.',
    next: 'See which identity answers with aws sts get-caller-identity; correct the keys, the profile or the region.',
    example:
      'AWS in eu-west-1 does not accept the credentials in use: The security token included in the request is invalid',
  },
  AWS_CREDENTIALS_MISSING: {
    what: 'No AWS credentials were found.',
    why: 'The environment, the profiles, SSO, the container and the instance gave none.',
    next: 'Sign in with aws sso login or aws configure, or set AWS_PROFILE. To try cachao without an account, add --local.',
    example: 'No AWS credentials were found: Could not load credentials from any providers',
  },
  AWS_MFA_CODE_NEEDED: {
    what: 'The AWS profile wants the code of an MFA device, and nobody can be asked for it.',
    why: 'There is no terminal (CI, a pipe).',
    next: 'Run the command on a terminal. Elsewhere get keys first with aws sts get-session-token, and put them into the AWS_ variables.',
    example:
      'The AWS profile "shop" wants the code of an MFA device, and there is no terminal to ask for it.',
  },
  AWS_MFA_CODE_REFUSED: {
    what: 'AWS refused the code of the MFA device.',
    why: 'It was mistyped, is no longer shown, or was used before: AWS takes each code once.',
    next: 'Wait until the device shows the next code, and run the command again.',
    example: 'AWS refused the code of the MFA device: MultiFactorAuthentication failed',
  },
  AWS_PERMISSION_MISSING: {
    what: 'The AWS identity may not do what the command needs.',
    why: 'No policy allows it, or one denies it explicitly.',
    next: 'Have a policy attached that allows it: cachao policy prints the least one for each command.',
    example: 'arn:aws:iam::123456789012:user/ci is not authorized to perform sqs:GetQueueAttributes',
  },
  AWS_REFUSED: {
    what: 'AWS refused a request for a reason of its own.',
    why: "The message has AWS's words, its code and the id of the request.",
    next: "Do what AWS's message says, then run the command again.",
    example: 'AWS refused sqs:CreateQueue: You must wait 60 seconds (QueueDeletedRecently).',
  },
  AWS_REGION_INVALID: {
    what: 'The region does not exist, or none is chosen.',
    why: 'Everything that a stage has lies in one region.',
    next: 'Give one with --region or AWS_REGION, for example eu-west-1.',
    example: '"eu-wst-1" is not an AWS region.',
  },
  AWS_THROTTLED: {
    what: 'AWS kept refusing a request because of its rate limit.',
    why: 'The account makes more requests than AWS allows at present; cachao tried several times.',
    next: 'Wait a minute and run the command again: it goes on from there.',
    example: 'AWS kept refusing lambda:GetFunction because of its rate limit, after 8 attempts.',
  },
  AWS_TIMEOUT: {
    what: 'AWS did not answer in time.',
    why: "The network or a proxy is slow, or AWS's own work took too long.",
    next: 'Check the network and the proxy settings, then run the command again.',
    example: 'AWS did not answer sts:GetCallerIdentity in eu-west-1 in time',
  },
  AWS_TLS_UNTRUSTED: {
    what: 'The certificate that answered for AWS is not trusted.',
    why: 'Usually a proxy of the organisation opens TLS connections.',
    next: "Set NODE_EXTRA_CA_CERTS to the file with the organisation's root certificate.",
    example:
      'The certificate that answered sts:GetCallerIdentity is not trusted: self-signed certificate in certificate chain.',
  },
  AWS_UNAVAILABLE: {
    what: 'AWS answered with an error of its own.',
    why: 'A disturbance at AWS, or whatever answers in its place (AWS_ENDPOINT_URL).',
    next: 'Look at https://health.aws.amazon.com, then run the command again.',
    example: 'AWS answered events:ListRules in eu-west-1 with 503: Service Unavailable.',
  },
  AWS_UNREACHABLE: {
    what: 'AWS could not be reached.',
    why: 'No network, a proxy that does not let it pass, or a region that does not exist.',
    next: 'Check the network, the region and the proxy settings, then run the command again.',
    example: 'AWS could not be reached for sts:GetCallerIdentity in eu-west-1: ENOTFOUND.',
  },
  FUNCTION_FAILED: {
    what: 'A function failed when it was asked which database it uses.',
    why: 'A function that cannot answer this cannot take an event either.',
    next: 'Run cachao doctor: it says what is wrong with the function.',
    example: 'cachao-dev-event fails when it is asked which database it uses: CONFIGURATION',
  },
  FUNCTION_THROTTLED: {
    what: 'Lambda refused several times to run a function.',
    why: "As many functions run at once as the account, or the function's reserved concurrency, allows.",
    next: 'Run the command again later. If it stays so: cachao doctor --only function.concurrency',
    example: 'Lambda refused 8 times to run cachao-dev-operations, which was to be asked something.',
  },
  PARAMETER_NOT_SECURE: {
    what: 'An SSM parameter of a secret exists and is not a SecureString.',
    why: 'The type of a parameter cannot be changed, and a secret must be encrypted.',
    next: 'Delete it as the message says, wait half a minute, and run the command again.',
    example: 'The SSM parameter /cachao/dev/webhook-secret exists and is not a SecureString.',
  },
  SOURCE_NEVER_APPEARED: {
    what: "The partner event source of Stripe's destination did not appear in the region.",
    why: 'The destination may deliver to another account or region; sometimes AWS shows a source late.',
    next: 'Compare account and region of the destination in the Stripe Dashboard, then run setup again.',
    example: 'The partner event source aws.partner/stripe.com/ed_123 did not appear in eu-west-1.',
  },
} as const satisfies ErrorTable;
