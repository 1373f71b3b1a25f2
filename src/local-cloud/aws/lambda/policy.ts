import { randomUUID } from 'node:crypto';
import type { Operation } from '../../kernel/service.js';
import { conflict, invalidMember, invalidParameter, notFound, preconditionFailed } from './errors.js';
import type { PolicyRecord, PolicyStatement } from './function-record.js';
import { qualifierIn, referencedArn } from './function-reference.js';
import type { LambdaState } from './state.js';

interface AddPermissionInput {
  FunctionName: string;
  StatementId: string;
  Action: string;
  Principal: string;
  SourceArn?: string;
  SourceAccount?: string;
  EventSourceToken?: string;
  PrincipalOrgID?: string;
  FunctionUrlAuthType?: string;
  InvokedViaFunctionUrl?: boolean;
  Qualifier?: string;
  RevisionId?: string;
}

/** The resource policy as IAM reads it; undefined when the function has none. */
export function policyDocument(record: PolicyRecord | undefined): string | undefined {
  if (!record || record.statements.length === 0) return undefined;
  return JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: record.statements });
}

export function addPermission(state: LambdaState): Operation<AddPermissionInput> {
  return {
    resource: (input, call) => referencedArn(input.FunctionName, call.region),
    handle: (input, call) => {
      if ((input.Qualifier ?? qualifierIn(input.FunctionName)) === '$LATEST')
        throw invalidParameter('We currently do not support adding policies for $LATEST.');
      const { arn } = state.find(input.FunctionName, call.region, input.Qualifier);
      const policy = state.policies.get(arn) ?? { statements: [], revisionId: randomUUID() };
      if (input.RevisionId !== undefined && input.RevisionId !== policy.revisionId)
        throw preconditionFailed();
      const statement = toStatement(input, arn);
      if (policy.statements.some(({ Sid }) => Sid === statement.Sid))
        throw conflict(
          `The statement id (${statement.Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
        );
      state.policies.set(arn, { statements: [...policy.statements, statement], revisionId: randomUUID() });
      return { Statement: JSON.stringify(statement) };
    },
  };
}

function toStatement(input: AddPermissionInput, arn: string): PolicyStatement {
  if (!/^[a-zA-Z0-9-_]{1,100}$/.test(String(input.StatementId)))
    throw invalidMember(
      'statementId',
      input.StatementId,
      'Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)',
    );
  if (!/^(lambda:[*]|lambda:[a-zA-Z]+|[*])$/.test(String(input.Action)))
    throw invalidMember(
      'action',
      input.Action,
      'Member must satisfy regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])',
    );
  const Condition = toCondition(input);
  return {
    Sid: input.StatementId,
    Effect: 'Allow',
    Principal: toPrincipal(input.Principal),
    Action: input.Action,
    Resource: arn,
    ...(Condition && { Condition }),
  };
}

function toPrincipal(principal: string): PolicyStatement['Principal'] {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  if (/^arn:aws:(iam|sts)::\d{12}:/.test(principal)) return { AWS: principal };
  if (/^[a-z0-9.-]+\.amazonaws\.com$/.test(principal)) return { Service: principal };
  throw invalidParameter(`The provided principal was invalid. Please check the principal and try again.`);
}

function toCondition(input: AddPermissionInput): PolicyStatement['Condition'] | undefined {
  const equals: Record<string, string> = {
    ...(input.SourceAccount !== undefined && { 'AWS:SourceAccount': input.SourceAccount }),
    ...(input.EventSourceToken !== undefined && { 'lambda:EventSourceToken': input.EventSourceToken }),
    ...(input.PrincipalOrgID !== undefined && { 'aws:PrincipalOrgID': input.PrincipalOrgID }),
    ...(input.FunctionUrlAuthType !== undefined && {
      'lambda:FunctionUrlAuthType': input.FunctionUrlAuthType,
    }),
  };
  const condition: NonNullable<PolicyStatement['Condition']> = {
    ...(Object.keys(equals).length > 0 && { StringEquals: equals }),
    ...(input.InvokedViaFunctionUrl !== undefined && {
      Bool: { 'lambda:InvokedViaFunctionUrl': String(input.InvokedViaFunctionUrl) },
    }),
    ...(input.SourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': input.SourceArn } }),
  };
  return Object.keys(condition).length > 0 ? condition : undefined;
}

export function removePermission(
  state: LambdaState,
): Operation<{ FunctionName: string; StatementId: string; Qualifier?: string; RevisionId?: string }> {
  return {
    resource: (input, call) => referencedArn(input.FunctionName, call.region),
    handle: (input, call) => {
      const { arn } = state.find(input.FunctionName, call.region, input.Qualifier);
      const policy = state.policies.get(arn);
      const statements = policy?.statements.filter(({ Sid }) => Sid !== input.StatementId) ?? [];
      if (!policy || statements.length === policy.statements.length)
        throw notFound(`Statement ${input.StatementId} is not found in resource policy.`);
      if (input.RevisionId !== undefined && input.RevisionId !== policy.revisionId)
        throw preconditionFailed();
      if (statements.length === 0) state.policies.delete(arn);
      else state.policies.set(arn, { statements, revisionId: randomUUID() });
    },
  };
}

export function getPolicy(state: LambdaState): Operation<{ FunctionName: string; Qualifier?: string }> {
  return {
    resource: (input, call) => referencedArn(input.FunctionName, call.region),
    handle: (input, call) => {
      const { arn } = state.find(input.FunctionName, call.region, input.Qualifier);
      const policy = state.policies.get(arn);
      const document = policyDocument(policy);
      if (!policy || document === undefined) throw notFound('The resource you requested does not exist.');
      return { Policy: document, RevisionId: policy.revisionId };
    },
  };
}
