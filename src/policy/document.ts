import { CachaoError } from '../core/errors.js';
import { resourcesOf } from './resources.js';
import { arnsOf, type PolicyScope } from './scope.js';
import { PASS_ROLE } from './stack-actions.js';

export interface Statement {
  Effect: 'Allow';
  Action: string[];
  Resource: string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

export interface PolicyDocument {
  Version: '2012-10-17';
  Statement: Statement[];
}

/** Whom roles are passed to: the functions' to Lambda, the service role to CloudFormation. */
export type PassedTo = 'lambda.amazonaws.com' | 'cloudformation.amazonaws.com';

export interface DocumentOptions {
  scope: PolicyScope;
  passedTo: PassedTo;
  /** Actions that are asked of everything. */
  everywhere?: readonly string[];
  /** The role that is passed; the stack's own roles unless given. */
  role?: string;
}

/** A policy that allows exactly these actions, on what they may be done on; actions of the same resources together. */
export function policyDocument(actions: readonly string[], options: DocumentOptions): PolicyDocument {
  const groups = new Map<string, { actions: string[]; resources: string[] }>();
  for (const action of actions) {
    if (action === PASS_ROLE) continue;
    const resources = options.everywhere?.includes(action) ? ['*'] : resourcesOf(action, options.scope);
    if (!resources) throw unknownAction(action);
    const key = resources.join(' ');
    const group = groups.get(key) ?? { actions: [], resources };
    group.actions.push(action);
    groups.set(key, group);
  }
  const statements: Statement[] = [...groups.values()].map(({ actions: Action, resources: Resource }) => ({
    Effect: 'Allow',
    Action,
    Resource,
  }));
  if (actions.includes(PASS_ROLE)) statements.push(passRole(options));
  return { Version: '2012-10-17', Statement: statements };
}

/** AWS counts what is not white space. */
export function lengthOf(document: PolicyDocument): number {
  return JSON.stringify(document).length;
}

function passRole({ scope, passedTo, role }: DocumentOptions): Statement {
  return {
    Effect: 'Allow',
    Action: [PASS_ROLE],
    Resource: [role ?? arnsOf(scope).role],
    Condition: { StringEquals: { 'iam:PassedToService': passedTo } },
  };
}

function unknownAction(action: string): CachaoError {
  return new CachaoError({
    code: 'POLICY_ACTION_UNKNOWN',
    message: `It is not known what ${action} may be done on.`,
    next: ['Add the action to src/policy/resources.ts.'],
  });
}
