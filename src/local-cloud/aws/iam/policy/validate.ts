import { AwsError } from '../../../kernel/service.js';
import { isConditionOperator } from './conditions.js';
import { many } from './document.js';

type Kind = 'identity' | 'trust';

const STATEMENT_FIELDS = [
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Principal',
  'NotPrincipal',
  'Condition',
];

/** Refuses what IAM refuses when a policy is put. Throws `MalformedPolicyDocument`. */
export function validatePolicy(document: string, kind: Kind): void {
  const policy = parse(document);
  if (policy.Version !== undefined && !['2012-10-17', '2008-10-17'].includes(String(policy.Version)))
    throw malformed(`The policy must contain a valid version string, not "${String(policy.Version)}".`);
  const unknown = Object.keys(policy).find((field) => !['Version', 'Id', 'Statement'].includes(field));
  if (unknown !== undefined) throw malformed(`Syntax error in policy: unknown field ${unknown}.`);
  const statements = many(policy.Statement);
  if (statements.length === 0) throw malformed('Syntax errors in policy: it has no Statement.');
  const sids = new Set<string>();
  for (const statement of statements) {
    if (typeof statement !== 'object' || statement === null) throw malformed('Syntax errors in policy.');
    validateStatement(statement as Record<string, unknown>, kind);
    const { Sid } = statement as { Sid?: string };
    if (Sid && sids.has(Sid)) throw malformed('Statement IDs (SID) in a single policy must be unique.');
    if (Sid) sids.add(Sid);
  }
}

function parse(document: string): Record<string, unknown> {
  let policy: unknown;
  try {
    policy = JSON.parse(document);
  } catch {
    throw malformed('This policy contains invalid Json');
  }
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy))
    throw malformed('Syntax errors in policy.');
  return policy as Record<string, unknown>;
}

function validateStatement(statement: Record<string, unknown>, kind: Kind): void {
  const unknown = Object.keys(statement).find((field) => !STATEMENT_FIELDS.includes(field));
  if (unknown !== undefined) throw malformed(`Syntax error in policy: unknown field ${unknown}.`);
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny')
    throw malformed(`Invalid effect: ${String(statement.Effect)}`);
  validateActions(statement);
  if (kind === 'identity') validateResources(statement);
  else validateTrust(statement);
  for (const operator of Object.keys((statement.Condition ?? {}) as object))
    if (!isConditionOperator(operator)) throw malformed(`Invalid Condition type : ${operator}.`);
}

function validateActions(statement: Record<string, unknown>): void {
  if ((statement.Action === undefined) === (statement.NotAction === undefined))
    throw malformed('Policy statement must contain actions.');
  for (const action of [...many(statement.Action), ...many(statement.NotAction)])
    if (action !== '*' && !/^[\w*?-]+:[\w*?]+$/.test(String(action)))
      throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
}

function validateResources(statement: Record<string, unknown>): void {
  if (statement.Principal !== undefined || statement.NotPrincipal !== undefined)
    throw malformed('Policy document should not specify a principal.');
  const resources = [...many(statement.Resource), ...many(statement.NotResource)];
  if (resources.length === 0) throw malformed('Policy statement must contain resources.');
  for (const resource of resources)
    if (resource !== '*' && !/^arn:[^:]+:[^:]*/.test(String(resource)))
      throw malformed(`Resource ${String(resource)} must be in ARN format or "*".`);
}

function validateTrust(statement: Record<string, unknown>): void {
  if (statement.Resource !== undefined || statement.NotResource !== undefined)
    throw malformed('Has prohibited field Resource');
  if (statement.Principal === undefined && statement.NotPrincipal === undefined)
    throw malformed('AssumeRolepolicy must contain a principal.');
  const notTrust = many(statement.Action).find((action) => !/^(\*|sts:.*)$/i.test(String(action)));
  if (notTrust !== undefined) throw malformed('AssumeRole policy may only specify STS AssumeRole actions.');
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', message);
}
