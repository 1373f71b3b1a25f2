import type { Principal } from '../../../kernel/service.js';
import { conditionsHold } from './conditions.js';
import { type PrincipalElement, type Statement, statementsOf } from './document.js';
import { type Context, matchesArn, matchesPattern } from './match.js';

/** A policy document and where it comes from. */
export interface PolicySource {
  id: string;
  type: 'user' | 'role' | 'aws-managed' | 'user-managed' | 'resource' | 'none';
  document: string;
}

export interface Question {
  principal: Principal;
  account: string;
  action: string;
  resource: string;
  context: Context;
  /** What the principal's own policies say; empty for a service. */
  identity: PolicySource[];
  /** Permissions boundary: what the identity policies may give at most. */
  boundary?: PolicySource;
  resourcePolicy?: string;
}

export interface Decision {
  decision: 'allowed' | 'explicitDeny' | 'implicitDeny';
  matched: { source: PolicySource; statement: Statement }[];
  /** Absent when there is no boundary. */
  allowedByBoundary?: boolean;
}

type Reach = 'exact' | 'role' | 'account' | 'none';

/**
 * IAM's evaluation within one account: an explicit deny anywhere wins; an allow from the identity's policies (within
 * the boundary) or from the resource's policy is enough; a service principal has only the resource's policy.
 */
export function evaluate(question: Question): Decision {
  const identity = matching(question, question.identity, () => true);
  const boundary = question.boundary && matching(question, [question.boundary], () => true);
  const resourceSources: PolicySource[] =
    question.resourcePolicy === undefined
      ? []
      : [{ id: 'ResourcePolicy', type: 'resource', document: question.resourcePolicy }];
  const resource = matching(question, resourceSources, (s) => reach(s, question) !== 'none');
  const all = [...identity, ...(boundary ?? []), ...resource];
  const denies = all.filter(({ statement }) => statement.effect === 'Deny');
  const allowedByBoundary = boundary?.some(({ statement }) => statement.effect === 'Allow');
  const within = allowedByBoundary === undefined ? {} : { allowedByBoundary };
  if (denies.length > 0) return { decision: 'explicitDeny', matched: denies, ...within };
  const byIdentity = identity.length > 0 && allowedByBoundary !== false;
  const granting = resource.filter(({ statement }) => grants(reach(statement, question), allowedByBoundary));
  if (byIdentity || granting.length > 0)
    return { decision: 'allowed', matched: [...(byIdentity ? identity : []), ...granting], ...within };
  return { decision: 'implicitDeny', matched: [], ...within };
}

/**
 * Whether the trust policy (given as `resourcePolicy`) lets the principal assume the role: it must name it, its role or
 * its account, and where it names only the account, the principal's own policies must allow it too.
 */
export function trusts(question: Question): boolean {
  const { decision } = evaluate(question);
  const source: PolicySource = { id: 'Trust', type: 'resource', document: question.resourcePolicy ?? '{}' };
  const named = matching(question, [source], (s) => s.effect === 'Allow' && reach(s, question) !== 'none');
  return decision === 'allowed' && named.length > 0;
}

/** A grant to the whole account only delegates to its policies; a boundary limits what a role is granted. */
function grants(how: Reach, allowedByBoundary: boolean | undefined): boolean {
  return how === 'exact' || (how === 'role' && allowedByBoundary !== false);
}

function matching(question: Question, sources: PolicySource[], applies: (statement: Statement) => boolean) {
  return sources.flatMap((source) =>
    statementsOf(source.document)
      .filter((statement) => applies(statement) && statementMatches(statement, question))
      .map((statement) => ({ source, statement })),
  );
}

function statementMatches(statement: Statement, { action, resource, context }: Question): boolean {
  const named = (patterns: string[]) =>
    patterns.some((p) => p === '*' || matchesPattern(p, action, context, true));
  const covered = (patterns: string[]) => patterns.some((pattern) => matchesArn(pattern, resource, context));
  const actionFits = statement.actions.length > 0 ? named(statement.actions) : !named(statement.notActions);
  if (!actionFits) return false;
  // A trust policy has no resource: it is about the role itself.
  if (statement.resources.length > 0 && !covered(statement.resources)) return false;
  if (statement.notResources.length > 0 && covered(statement.notResources)) return false;
  return conditionsHold(statement.conditions, context);
}

/** How directly a resource policy's statement names the principal. */
function reach(statement: Statement, question: Question): Reach {
  if (statement.notPrincipal !== undefined)
    return elementReach(statement.notPrincipal, question) === 'none' ? 'role' : 'none';
  return statement.principal === undefined ? 'none' : elementReach(statement.principal, question);
}

function elementReach(element: PrincipalElement, { principal, account }: Question): Reach {
  if (element === '*') return 'role';
  if (principal.kind === 'service') {
    const services = element.Service ?? [];
    return services.includes(principal.service) || element.AWS?.includes('*') ? 'exact' : 'none';
  }
  const named = element.AWS ?? [];
  if (named.includes(principal.arn)) return 'exact';
  if (named.includes('*') || (principal.kind === 'role' && named.includes(principal.roleArn))) return 'role';
  return named.includes(account) || named.includes(`arn:aws:iam::${account}:root`) ? 'account' : 'none';
}
