import type { LocalCloud } from './cloud.js';
import type { AuthorizationRequest } from './ports.js';
import { AwsError, type AwsService, type Call } from './service.js';

/** Throws the service's AccessDenied unless IAM allows the request. AWS's wording names who, what, and on what. */
export function authorize(cloud: LocalCloud, service: AwsService, request: AuthorizationRequest): void {
  const iam = cloud.port('iam');
  const decision = iam.decide?.(request) ?? (iam.allows(request) ? 'allowed' : 'implicitDeny');
  if (decision === 'allowed') return;
  const { principal, action, resource } = request;
  const who = principal.kind === 'service' ? principal.service : principal.arn;
  const why =
    decision === 'explicitDeny'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  const queryLike = service.protocol === 'query' || service.protocol === 'rest-xml' || service.name === 'sqs';
  throw new AwsError(
    queryLike ? 'AccessDenied' : 'AccessDeniedException',
    `User: ${who} is not authorized to perform: ${action} on resource: ${resource} ${why}`,
    service.protocol === 'json' && service.name !== 'sqs' ? 400 : 403,
  );
}

/**
 * Checks `iam:PassRole`, wherever a caller hands a role to a service (`lambda.amazonaws.com`). Throws the called
 * service's AccessDenied. Services that call on their own behalf need no permission.
 */
export function checkPassRole(call: Call, roleArn: string, toService: string): void {
  checkAlso(call, 'iam:PassRole', roleArn, { 'iam:PassedToService': toService });
}

/** Checks what an operation wants beside its own action. Throws the called service's AccessDenied. */
export function checkAlso(
  call: Call,
  action: string,
  resource: string,
  context: Record<string, string> = {},
): void {
  const service = call.cloud.services.get(call.service);
  if (!service || call.principal.kind === 'service') return;
  authorize(call.cloud, service, {
    principal: call.principal,
    action,
    resource,
    context: { ...context, 'aws:RequestedRegion': call.region },
  });
}
