import type { Operation } from '../../../kernel/service.js';
import type { Buses } from '../buses.js';
import { checkText, notFound, validation } from '../errors.js';
import { busArn, busName, looseBusName } from '../names.js';
import type { BusRecord } from '../records.js';

interface Statement {
  Sid?: string;
  Effect?: string;
  Principal?: unknown;
  Action?: unknown;
  Resource?: unknown;
  Condition?: unknown;
}

interface PutPermissionInput {
  EventBusName?: string;
  Action?: string;
  Principal?: string;
  StatementId?: string;
  Condition?: { Type: string; Key: string; Value: string };
  Policy?: string;
}

const LARGEST_POLICY = 10_240;

/** PutPermission and RemovePermission: the policy of a bus, whole or by statement. */
export function permissionOperations(buses: Buses): Record<string, Operation> {
  const resource = (input: { EventBusName?: string }, call: { region: string }) =>
    busArn(call.region, looseBusName(input.EventBusName));
  const save = (bus: BusRecord, statements: Statement[]) => {
    const { policy: _, ...rest } = bus;
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: statements });
    if (policy.length > LARGEST_POLICY)
      throw validation(
        `The policy of event bus ${bus.name} would have more than ${LARGEST_POLICY} characters.`,
      );
    buses.update(rest, statements.length > 0 ? { policy } : {});
  };
  return {
    PutPermission: {
      resource,
      handle: (input: PutPermissionInput, call) => {
        const bus = buses.get(call.region, busName(input.EventBusName));
        if (input.Policy !== undefined) buses.update(bus, { policy: checkedPolicy(input.Policy) });
        else
          save(bus, [
            ...statementsOf(bus).filter(({ Sid }) => Sid !== input.StatementId),
            statement(bus, input),
          ]);
        return {};
      },
    },
    RemovePermission: {
      resource,
      handle: (
        input: { EventBusName?: string; StatementId?: string; RemoveAllPermissions?: boolean },
        call,
      ) => {
        const bus = buses.get(call.region, busName(input.EventBusName));
        const statements = statementsOf(bus);
        if (input.RemoveAllPermissions) save(bus, []);
        else {
          const kept = statements.filter(({ Sid }) => Sid !== input.StatementId);
          if (kept.length === statements.length)
            throw notFound('Statement with the provided id does not exist.');
          save(bus, kept);
        }
        return {};
      },
    },
  };
}

function statement(bus: BusRecord, input: PutPermissionInput): Statement {
  const id = checkText(input.StatementId, 'statementId', /^[a-zA-Z0-9-_]+$/, 64);
  const action = checkText(input.Action, 'action', /^events:[a-zA-Z]+$/, 64);
  const principal = checkText(input.Principal, 'principal', /^(\d{12}|\*)$/, 12);
  const condition = input.Condition;
  return {
    Sid: id,
    Effect: 'Allow',
    Principal: principal === '*' ? '*' : { AWS: `arn:aws:iam::${principal}:root` },
    Action: action,
    Resource: bus.arn,
    ...(condition === undefined
      ? {}
      : { Condition: { [condition.Type]: { [condition.Key]: condition.Value } } }),
  };
}

function statementsOf(bus: BusRecord): Statement[] {
  return bus.policy === undefined
    ? []
    : [(JSON.parse(bus.policy) as { Statement: Statement | Statement[] }).Statement].flat();
}

function checkedPolicy(text: string): string {
  try {
    const policy = JSON.parse(text) as { Statement?: unknown };
    if (typeof policy.Statement === 'object' && policy.Statement !== null) return text;
  } catch {
    // Told below, as for JSON that is no policy.
  }
  throw validation('Parameter Policy is not valid. Reason: It is not a policy document.');
}
