import { ACCOUNT, type LocalCloud, OPERATOR } from '../../kernel/cloud.js';
import type { AuthorizationRequest } from '../../kernel/ports.js';
import type { Principal } from '../../kernel/service.js';
import { ADMINISTRATOR_ACCESS, awsManagedPolicy } from './managed-policies.js';
import { type Decision, evaluate, type PolicySource } from './policy/evaluate.js';
import type { Context } from './policy/match.js';
import { findUser, type IamState, type Identity, OPERATOR_NAME, roleByArn } from './state.js';

/** The role or user that a principal acts as; undefined for services and for a role that is gone. */
export function identityOf(state: IamState, principal: Principal): Identity | undefined {
  if (principal.kind === 'role') return roleByArn(state, principal.roleArn);
  if (principal.kind === 'user') return findUser(state, principal.arn.split('/').at(-1));
  return undefined;
}

/** Every policy that speaks for an identity. The operator is an administrator until a policy is enforced on it. */
export function policiesOf(state: IamState, identity: Identity): PolicySource[] {
  const sources: PolicySource[] = Object.entries(identity.inline).map(([id, document]) => {
    return { id, type: identity.kind, document };
  });
  for (const arn of identity.attached) {
    const source = managedSource(state, arn);
    if (source) sources.push(source);
  }
  if (identity.kind !== 'user' || identity.name !== OPERATOR_NAME) return sources;
  const enforced = state.enforcement.get(OPERATOR_NAME);
  if (enforced) return [...sources, { id: 'enforced', type: 'user', document: enforced.document }];
  return [...sources, managedSource(state, ADMINISTRATOR_ACCESS) as PolicySource];
}

export function managedSource(state: IamState, arn: string): PolicySource | undefined {
  const aws = awsManagedPolicy(arn);
  if (aws) return { id: aws.name, type: 'aws-managed', document: aws.document };
  const own = state.policies.get(arn);
  const version = own?.versions.find(({ id }) => id === own.defaultVersion);
  return own && version && { id: own.name, type: 'user-managed', document: version.document };
}

/** Decides a request as IAM would. A role that is gone, or a boundary that is gone, allows nothing. */
export function decide(cloud: LocalCloud, state: IamState, request: AuthorizationRequest): Decision {
  const { principal, action, resource, resourcePolicy } = request;
  const identity = identityOf(state, principal);
  const boundary = identity?.boundary;
  return evaluate({
    principal,
    account: ACCOUNT,
    action,
    resource,
    context: contextOf(cloud, principal, identity, request.context ?? {}),
    identity: identity ? policiesOf(state, identity) : [],
    ...(boundary === undefined ? {} : { boundary: managedSource(state, boundary) ?? nothing(boundary) }),
    ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
  });
}

export function nothing(id: string): PolicySource {
  return { id, type: 'none', document: '{"Statement":[]}' };
}

/** The global condition keys, and those of the request. */
export function contextOf(
  cloud: LocalCloud,
  principal: Principal,
  identity: Identity | undefined,
  given: Record<string, string | string[]>,
): Context {
  const now = cloud.clock.now();
  const context = new Map<string, string[]>();
  const set = (key: string, value: string | string[]) => context.set(key.toLowerCase(), [value].flat());
  set('aws:CurrentTime', new Date(now).toISOString());
  set('aws:EpochTime', String(Math.floor(now / 1000)));
  // Loopback stands for TLS: policies that demand it must work here as they do in AWS.
  set('aws:SecureTransport', 'true');
  set('aws:PrincipalIsAWSService', String(principal.kind === 'service'));
  if (principal.kind === 'service') set('aws:PrincipalServiceName', principal.service);
  else {
    set('aws:SourceIp', '127.0.0.1');
    set('aws:PrincipalAccount', ACCOUNT);
    set('aws:PrincipalArn', principal.kind === 'role' ? principal.roleArn : principal.arn);
    set('aws:PrincipalType', principal.kind === 'role' ? 'AssumedRole' : 'User');
    set('aws:userid', userId(principal, identity));
    if (principal.kind === 'user') set('aws:username', principal.arn.split('/').at(-1) as string);
    for (const { Key, Value } of identity?.tags ?? []) set(`aws:PrincipalTag/${Key}`, Value);
  }
  for (const [key, value] of Object.entries(given)) set(key, value);
  return context;
}

/** `AROA…:session` for a role, the unique id for a user. */
export function userId(principal: Principal, identity: Identity | undefined): string {
  const id = identity?.id ?? '';
  return principal.kind === 'role' ? `${id}:${principal.arn.split('/').at(-1)}` : id;
}

/** The principal that an ARN of a user, a role or a role's session names. */
export function principalFromArn(arn: string): Principal | undefined {
  if (arn === OPERATOR_ARN || /:user\//.test(arn)) return { kind: 'user', arn };
  const session = /^arn:aws:sts::(\d+):assumed-role\/([^/]+)\/(.+)$/.exec(arn);
  if (session) return { kind: 'role', arn, roleArn: `arn:aws:iam::${session[1]}:role/${session[2]}` };
  return /:role\//.test(arn) ? { kind: 'role', arn, roleArn: arn } : undefined;
}

const OPERATOR_ARN = OPERATOR.kind === 'user' ? OPERATOR.arn : '';
