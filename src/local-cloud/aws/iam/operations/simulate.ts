import { ACCOUNT, type LocalCloud } from '../../../kernel/cloud.js';
import { AwsError, type Operation, type Principal } from '../../../kernel/service.js';
import { contextOf, identityOf, managedSource, nothing, policiesOf, principalFromArn } from '../identity.js';
import { type Decision, evaluate, type PolicySource } from '../policy/evaluate.js';
import { validatePolicy } from '../policy/validate.js';
import { type IamState, noSuchEntity } from '../state.js';
import * as shared from './shared.js';

interface SimulateInput {
  PolicySourceArn: string;
  ActionNames: string[];
  ResourceArns?: string[];
  PolicyInputList?: string[];
  PermissionsBoundaryPolicyInputList?: string[];
  ResourcePolicy?: string;
  ContextEntries?: { ContextKeyName: string; ContextKeyValues: string[] }[];
  Marker?: string;
  MaxItems?: string;
}

/** SimulatePrincipalPolicy: what the policies of a user or role would allow, decided as real calls are. */
export function simulateOperations(
  cloud: LocalCloud,
  state: IamState,
): Record<string, Operation<SimulateInput>> {
  return {
    SimulatePrincipalPolicy: {
      resource: (input) => input.PolicySourceArn,
      handle(input) {
        const principal = principalFromArn(String(input.PolicySourceArn));
        if (!principal || principal.kind === 'service')
          throw new AwsError(
            'InvalidInput',
            `Invalid Entity Arn: ${input.PolicySourceArn} does not clearly define entity type and name.`,
          );
        const resources = shared.list(input.ResourceArns);
        const ask = questioner(cloud, state, principal, input);
        const results = shared
          .list(input.ActionNames)
          .flatMap((action) =>
            (resources.length > 0 ? resources : ['*']).map((resource) =>
              evaluation(action, resource, ask(action, resource)),
            ),
          );
        const { items, rest } = shared.page(results, input);
        return { EvaluationResults: items, ...rest };
      },
    },
  };
}

function questioner(cloud: LocalCloud, state: IamState, principal: Principal, input: SimulateInput) {
  const identity = identityOf(state, principal);
  if (!identity)
    throw noSuchEntity(`The role with name ${input.PolicySourceArn.split('/').at(-1)} cannot be found.`);
  const extra = shared
    .list(input.PolicyInputList)
    .map((document, index) => given(document, `PolicyInputList.${index + 1}`));
  const [boundaryInput] = shared.list(input.PermissionsBoundaryPolicyInputList);
  const boundary =
    boundaryInput !== undefined
      ? given(boundaryInput, 'PermissionsBoundaryPolicyInputList.1')
      : identity.boundary && (managedSource(state, identity.boundary) ?? nothing(identity.boundary));
  const entries = shared
    .list(input.ContextEntries)
    .map((entry) => [entry.ContextKeyName, entry.ContextKeyValues] as const);
  return (action: string, resource: string): Decision =>
    evaluate({
      principal,
      account: ACCOUNT,
      action,
      resource,
      context: contextOf(cloud, principal, identity, Object.fromEntries(entries)),
      identity: [...policiesOf(state, identity), ...extra],
      ...(boundary ? { boundary } : {}),
      ...(input.ResourcePolicy === undefined ? {} : { resourcePolicy: input.ResourcePolicy }),
    });
}

function given(document: string, id: string): PolicySource {
  validatePolicy(document, 'identity');
  return { id, type: 'none', document };
}

const SOURCE_TYPES: Record<PolicySource['type'], string> = {
  user: 'IAM Policy',
  role: 'IAM Policy',
  'aws-managed': 'IAM Policy',
  'user-managed': 'IAM Policy',
  resource: 'Resource Policy',
  none: 'IAM Policy',
};

function evaluation(action: string, resource: string, decision: Decision) {
  const statements = decision.matched.map(({ source }) => ({
    SourcePolicyId: source.id,
    SourcePolicyType: SOURCE_TYPES[source.type],
  }));
  return {
    EvalActionName: action,
    EvalResourceName: resource,
    EvalDecision: decision.decision,
    MatchedStatements: statements,
    MissingContextValues: [],
    PermissionsBoundaryDecisionDetail:
      decision.allowedByBoundary === undefined
        ? undefined
        : { AllowedByPermissionsBoundary: decision.allowedByBoundary },
  };
}
