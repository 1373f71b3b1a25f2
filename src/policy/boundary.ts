import type { Template } from '../stack/template.js';
import { type PolicyDocument, policyDocument, type Statement } from './document.js';
import { arnsOf, type PolicyScope } from './scope.js';

/** What roles of functions may do on, where that is another thing than for whoever deploys. */
const UNNAMED = /^(xray|ec2):/;

/** The most that the deployed roles may ever do: what the template's roles allow, and no more. */
export function boundaryDocument(template: Template, scope: PolicyScope): PolicyDocument {
  const actions = rolesActions(template);
  const named = policyDocument(
    actions.filter((action) => !UNNAMED.test(action)),
    { scope, passedTo: 'lambda.amazonaws.com' },
  );
  const unnamed = actions.filter((action) => UNNAMED.test(action));
  const rest: Statement[] = unnamed.length > 0 ? [{ Effect: 'Allow', Action: unnamed, Resource: ['*'] }] : [];
  return { ...named, Statement: [...named.Statement.map((one) => streams(one, scope)), ...rest] };
}

/** Log streams are below their group. */
function streams(statement: Statement, scope: PolicyScope): Statement {
  const { logGroup } = arnsOf(scope);
  return { ...statement, Resource: statement.Resource.map((one) => (one === logGroup ? `${one}:*` : one)) };
}

function rolesActions(template: Template): string[] {
  const documents = Object.values(template.Resources).flatMap(({ Type, Properties }) => {
    if (Type === 'AWS::IAM::ManagedPolicy') return [Properties?.PolicyDocument];
    if (Type !== 'AWS::IAM::Role') return [];
    return ((Properties?.Policies ?? []) as { PolicyDocument: unknown }[]).map((one) => one.PolicyDocument);
  });
  const actions = documents.flatMap((document) =>
    (document as { Statement: { Action: string | string[] }[] }).Statement.flatMap(({ Action }) => Action),
  );
  return [...new Set(actions)].sort();
}
