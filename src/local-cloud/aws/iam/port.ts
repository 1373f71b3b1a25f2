import { ACCOUNT, type LocalCloud } from '../../kernel/cloud.js';
import type { IamPort } from '../../kernel/ports.js';
import { contextOf, decide, identityOf, policiesOf, userId } from './identity.js';
import { evaluate, trusts } from './policy/evaluate.js';
import type { Sessions } from './sessions.js';
import { type IamState, roleByArn } from './state.js';

/** What other services ask of IAM. */
export function iamPort(cloud: LocalCloud, state: IamState, sessions: Sessions): IamPort {
  return {
    allows: (request) => decide(cloud, state, request).decision === 'allowed',
    decide: (request) => decide(cloud, state, request).decision,
    session: (roleArn, sessionName) => sessions.create(roleArn, sessionName),
    principalOf: (accessKeyId) => sessions.principalOf(accessKeyId),
    assumableBy(roleArn, service) {
      const role = roleByArn(state, roleArn);
      if (!role) return false;
      const principal = { kind: 'service', service } as const;
      const { decision } = evaluate({
        principal,
        account: ACCOUNT,
        action: 'sts:AssumeRole',
        resource: role.arn,
        context: contextOf(cloud, principal, undefined, {}),
        identity: [],
        resourcePolicy: role.trust,
      });
      return decision === 'allowed';
    },
    assumeRole({ principal, roleArn, sessionName, durationSeconds, context }) {
      const role = roleByArn(state, roleArn);
      const identity = identityOf(state, principal);
      if (!role || !identity) return undefined;
      const trusted = trusts({
        principal,
        account: ACCOUNT,
        action: 'sts:AssumeRole',
        resource: role.arn,
        context: contextOf(cloud, principal, identity, context ?? {}),
        identity: policiesOf(state, identity),
        resourcePolicy: role.trust,
      });
      if (!trusted) return undefined;
      return {
        ...sessions.create(roleArn, sessionName, durationSeconds),
        expires: cloud.clock.now() + durationSeconds * 1000,
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role.name}/${sessionName}`,
        id: `${role.id}:${sessionName}`,
      };
    },
    userId: (principal) => userId(principal, identityOf(state, principal)),
  };
}
