import { checkPassRole } from '../../../kernel/access-denied.js';
import { ACCOUNT } from '../../../kernel/cloud.js';
import { AwsError, type Call, type Operation } from '../../../kernel/service.js';
import type { Buses } from '../buses.js';
import { checkText, constraint, limitExceeded, validation } from '../errors.js';
import { busName, looseBusName, ruleArn } from '../names.js';
import { checkPattern } from '../pattern/index.js';
import type { RuleRecord } from '../records.js';
import { page } from './paging.js';

const MOST_RULES = 300;
const STATES = ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'];

interface RuleInput {
  Name?: string;
  EventBusName?: string;
}

interface PutRuleInput extends RuleInput {
  EventPattern?: string;
  ScheduleExpression?: string;
  State?: RuleRecord['state'];
  Description?: string;
  RoleArn?: string;
  Tags?: { Key: string; Value: string }[];
}

/** For authorisation: the ARN of the rule that an input names. */
export const ruleResource = (input: RuleInput & { Rule?: string }, call: { region: string }) =>
  ruleArn(call.region, looseBusName(input.EventBusName), String(input.Name ?? input.Rule ?? '*'));

/** AWS's own rules (of archives) are changed only with Force. */
export function refuseManaged(rule: RuleRecord, force: boolean | undefined): void {
  if (rule.managedBy === undefined || force) return;
  throw new AwsError(
    'ManagedRuleException',
    `Rule ${rule.name} is managed by ${rule.managedBy}; it cannot be modified without Force.`,
  );
}

/** Operations on rules. */
export function ruleOperations(buses: Buses): Record<string, Operation> {
  const { rules } = buses.tables;
  const setState = (state: RuleRecord['state']): Operation => ({
    resource: ruleResource,
    handle: (input: RuleInput, call) => {
      const rule = buses.getRule(call.region, busName(input.EventBusName), ruleName(input.Name));
      refuseManaged(rule, false);
      rules.set(rule.arn, { ...rule, state });
      return {};
    },
  });
  return {
    PutRule: {
      resource: ruleResource,
      handle: (input: PutRuleInput, call) => ({ RuleArn: putRule(buses, input, call).arn }),
    },
    DescribeRule: {
      resource: ruleResource,
      handle: (input: RuleInput, call) => {
        const rule = buses.getRule(call.region, busName(input.EventBusName), ruleName(input.Name));
        return { ...present(rule), CreatedBy: ACCOUNT };
      },
    },
    ListRules: {
      handle: (input: RuleInput & { NamePrefix?: string; Limit?: number; NextToken?: string }, call) => {
        const bus = buses.get(call.region, busName(input.EventBusName));
        const found = buses
          .rules(call.region, bus.name)
          .filter(({ name }) => name.startsWith(input.NamePrefix ?? ''));
        const { items, NextToken } = page(found, ({ name }) => name, input);
        return { Rules: items.map(present), NextToken };
      },
    },
    EnableRule: setState('ENABLED'),
    DisableRule: setState('DISABLED'),
    DeleteRule: {
      resource: ruleResource,
      handle: (input: RuleInput & { Force?: boolean }, call) => {
        const bus = buses.get(call.region, busName(input.EventBusName));
        const rule = buses.findRule(call.region, bus.name, ruleName(input.Name));
        // Deleting a rule that is not there succeeds.
        if (!rule) return {};
        refuseManaged(rule, input.Force);
        if (rule.targets.length > 0) throw validation("Rule can't be deleted since it has targets.");
        rules.delete(rule.arn);
        return {};
      },
    },
  };
}

export function ruleName(given: unknown, member = 'name'): string {
  return checkText(given, member, /^[.\-_A-Za-z0-9]+$/, 64);
}

/** Replaces what the rule was: what is left out is gone. Targets stay, tags count only on creation. */
function putRule(buses: Buses, input: PutRuleInput, call: Call): RuleRecord {
  const name = ruleName(input.Name);
  const bus = buses.get(call.region, busName(input.EventBusName));
  if (input.ScheduleExpression !== undefined)
    throw validation('The local cloud does not support rules with a ScheduleExpression.');
  if (!input.EventPattern)
    throw validation('Parameter(s) EventPattern or ScheduleExpression must be specified.');
  checkPattern(input.EventPattern);
  const state = input.State ?? 'ENABLED';
  if (!STATES.includes(state))
    throw constraint(state, 'state', `satisfy enum value set: [${STATES.join(', ')}]`);
  if (state.startsWith('ENABLED_WITH') && bus.eventSourceName !== undefined)
    throw validation(`Parameter State is not valid. Reason: ${state} cannot be used on a partner event bus.`);
  if ((input.Description ?? '').length > 512)
    throw constraint(input.Description, 'description', 'have length less than or equal to 512');
  if (input.RoleArn !== undefined) checkPassRole(call, input.RoleArn, 'events.amazonaws.com');
  const existing = buses.findRule(call.region, bus.name, name);
  if (existing) refuseManaged(existing, false);
  if (!existing && buses.rules(call.region, bus.name).length >= MOST_RULES) throw limitExceeded();
  const arn = ruleArn(call.region, bus.name, name);
  return buses.tables.rules.set(arn, {
    arn,
    region: call.region,
    bus: bus.name,
    name,
    pattern: input.EventPattern,
    state,
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.RoleArn === undefined ? {} : { roleArn: input.RoleArn }),
    tags: existing?.tags ?? Object.fromEntries((input.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
    targets: existing?.targets ?? [],
  });
}

function present(rule: RuleRecord): object {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventPattern: rule.pattern,
    State: rule.state,
    Description: rule.description,
    RoleArn: rule.roleArn,
    ManagedBy: rule.managedBy,
    EventBusName: rule.bus,
  };
}
