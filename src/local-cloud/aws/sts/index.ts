import { AwsError, type Call, type ServiceFactory } from '../../kernel/service.js';

interface AssumeRoleInput {
  RoleArn?: string;
  RoleSessionName?: string;
  DurationSeconds?: string | number;
  ExternalId?: string;
  SerialNumber?: string;
  TokenCode?: string;
  Policy?: string;
  PolicyArns?: unknown;
}

/** STS: who am I, and keys of a role. */
export const stsService: ServiceFactory = () => {
  const takenCodes = new Map<string, number>();
  return {
    name: 'sts',
    protocol: 'query',
    apiVersion: '2011-06-15',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    operations: {
      // No permission is needed, and none can take it away.
      GetCallerIdentity: { action: null, handle: (_input: object, call: Call) => callerIdentity(call) },
      // The trust policy takes part in the decision, so the operation makes it itself.
      AssumeRole: {
        action: null,
        handle: (input: AssumeRoleInput, call: Call) => assumeRole(input, call, takenCodes),
      },
    },
  };
};

function callerIdentity(call: Call) {
  const { principal } = call;
  const arn = principal.kind === 'service' ? principal.service : principal.arn;
  return { UserId: call.cloud.port('iam').userId?.(principal), Account: call.account, Arn: arn };
}

function assumeRole(input: AssumeRoleInput, call: Call, takenCodes: Map<string, number>) {
  const { roleArn, sessionName, durationSeconds } = validated(input);
  if (input.SerialNumber !== undefined) takeCode(input, call, takenCodes);
  const assumed = call.cloud.port('iam').assumeRole?.({
    principal: call.principal,
    roleArn,
    sessionName,
    durationSeconds,
    context: {
      'sts:RoleSessionName': sessionName,
      ...(input.SerialNumber === undefined ? {} : { 'aws:MultiFactorAuthPresent': 'true' }),
      ...(input.ExternalId === undefined ? {} : { 'sts:ExternalId': input.ExternalId }),
    },
  });
  // AWS does not tell a role that is not there from one that does not trust the caller.
  if (!assumed) {
    const who = call.principal.kind === 'service' ? call.principal.service : call.principal.arn;
    throw new AwsError(
      'AccessDenied',
      `User: ${who} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
      403,
    );
  }
  return {
    Credentials: {
      AccessKeyId: assumed.accessKeyId,
      SecretAccessKey: assumed.secretAccessKey,
      SessionToken: assumed.sessionToken,
      Expiration: new Date(assumed.expires),
    },
    AssumedRoleUser: { AssumedRoleId: assumed.id, Arn: assumed.arn },
    PackedPolicySize: 0,
  };
}

const CODE_MS = 30_000;

/** Any code of six digits is right, and each is taken once while the device shows it. */
function takeCode(
  { SerialNumber, TokenCode }: AssumeRoleInput,
  call: Call,
  taken: Map<string, number>,
): void {
  const key = `${SerialNumber} ${TokenCode}`;
  const now = call.cloud.clock.now();
  const fresh = now - (taken.get(key) ?? Number.NEGATIVE_INFINITY) >= CODE_MS;
  if (!/^\d{6}$/.test(TokenCode ?? '') || !fresh)
    throw new AwsError(
      'AccessDenied',
      'MultiFactorAuthentication failed with invalid MFA one time pass code. ',
      403,
    );
  taken.set(key, now);
}

function validated(input: AssumeRoleInput) {
  if (input.Policy !== undefined || input.PolicyArns !== undefined)
    throw new AwsError(
      'ValidationError',
      'The local cloud does not support session policies (Policy, PolicyArns).',
    );
  const roleArn = input.RoleArn ?? '';
  if (!/^arn:aws:iam::\d{12}:role\/.+$/.test(roleArn))
    throw new AwsError('ValidationError', `${roleArn} is invalid`);
  const sessionName = input.RoleSessionName ?? '';
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName))
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
    );
  const durationSeconds = Number(input.DurationSeconds ?? 3600);
  if (!Number.isInteger(durationSeconds) || durationSeconds < 900 || durationSeconds > 43_200)
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${String(input.DurationSeconds)}' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 43200`,
    );
  return { roleArn, sessionName, durationSeconds };
}
