import { AwsError, type Call, type ServiceFactory } from '../../kernel/service.js';

interface AssumeRoleInput {
  RoleArn?: string;
  RoleSessionName?: string;
  DurationSeconds?: string | number;
  ExternalId?: string;
  Policy?: string;
  PolicyArns?: unknown;
}

/** STS: who am I, and keys of a role. */
export const stsService: ServiceFactory = () => ({
  name: 'sts',
  protocol: 'query',
  apiVersion: '2011-06-15',
  namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  operations: {
    // No permission is needed, and none can take it away.
    GetCallerIdentity: { action: null, handle: (_input: object, call: Call) => callerIdentity(call) },
    // The trust policy takes part in the decision, so the operation makes it itself.
    AssumeRole: { action: null, handle: assumeRole },
  },
});

function callerIdentity(call: Call) {
  const { principal } = call;
  const arn = principal.kind === 'service' ? principal.service : principal.arn;
  return { UserId: call.cloud.port('iam').userId?.(principal), Account: call.account, Arn: arn };
}

function assumeRole(input: AssumeRoleInput, call: Call) {
  const { roleArn, sessionName, durationSeconds } = validated(input);
  const assumed = call.cloud.port('iam').assumeRole?.({
    principal: call.principal,
    roleArn,
    sessionName,
    durationSeconds,
    context: {
      'sts:RoleSessionName': sessionName,
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
