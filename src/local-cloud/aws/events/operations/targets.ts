import { checkPassRole } from '../../../kernel/access-denied.js';
import type { Operation } from '../../../kernel/service.js';
import type { Buses } from '../buses.js';
import { unknownPlaceholders } from '../delivery/input.js';
import { isPath } from '../delivery/json-path.js';
import { constraint, limitExceeded, validation } from '../errors.js';
import { busName } from '../names.js';
import type { Target } from '../records.js';
import { page } from './paging.js';
import { refuseManaged, ruleName, ruleResource } from './rules.js';

const MOST_TARGETS = 5;
const KNOWN = [
  'Id',
  'Arn',
  'RoleArn',
  'Input',
  'InputPath',
  'InputTransformer',
  'RetryPolicy',
  'DeadLetterConfig',
  'SqsParameters',
];
const DELIVERABLE = ['lambda', 'sqs', 'sns', 'events', 'logs'];

interface TargetsInput {
  Rule?: string;
  EventBusName?: string;
  Limit?: number;
  NextToken?: string;
}

/** Operations on the targets of rules. AWS does not look whether a target exists, nor whether it may be invoked. */
export function targetOperations(buses: Buses): Record<string, Operation> {
  const ruleOf = (input: TargetsInput, region: string) =>
    buses.getRule(region, busName(input.EventBusName), ruleName(input.Rule, 'rule'));
  return {
    PutTargets: {
      resource: ruleResource,
      handle: (input: TargetsInput & { Targets?: Target[] }, call) => {
        const rule = ruleOf(input, call.region);
        refuseManaged(rule, false);
        const given = input.Targets ?? [];
        if (given.length === 0) throw constraint('[]', 'targets', 'have length greater than or equal to 1');
        for (const [index, target] of given.entries())
          checkTarget(target, `targets.${index + 1}.member`, call.region);
        for (const { RoleArn: role } of given)
          if (role !== undefined) checkPassRole(call, role, 'events.amazonaws.com');
        const targets = new Map(rule.targets.map((target) => [target.Id, target]));
        for (const target of given) targets.set(target.Id, target);
        if (targets.size > MOST_TARGETS) throw limitExceeded();
        buses.tables.rules.set(rule.arn, { ...rule, targets: [...targets.values()] });
        return { FailedEntryCount: 0, FailedEntries: [] };
      },
    },
    RemoveTargets: {
      resource: ruleResource,
      handle: (input: TargetsInput & { Ids?: string[]; Force?: boolean }, call) => {
        const rule = ruleOf(input, call.region);
        refuseManaged(rule, input.Force);
        const ids = input.Ids ?? [];
        buses.tables.rules.set(rule.arn, {
          ...rule,
          targets: rule.targets.filter(({ Id }) => !ids.includes(Id)),
        });
        return { FailedEntryCount: 0, FailedEntries: [] };
      },
    },
    ListTargetsByRule: {
      resource: ruleResource,
      handle: (input: TargetsInput, call) => {
        const targets = [...ruleOf(input, call.region).targets].sort((a, b) => (a.Id < b.Id ? -1 : 1));
        const { items, NextToken } = page(targets, ({ Id }) => Id, input);
        return { Targets: items, NextToken };
      },
    },
    ListRuleNamesByTarget: {
      handle: (input: TargetsInput & { TargetArn?: string }, call) => {
        if (!input.TargetArn) throw constraint('null', 'targetArn', 'not be null');
        const bus = buses.get(call.region, busName(input.EventBusName));
        const named = buses
          .rules(call.region, bus.name)
          .filter(({ targets }) => targets.some(({ Arn }) => Arn === input.TargetArn))
          .map(({ name }) => name);
        const { items, NextToken } = page(named, (name) => name, input);
        return { RuleNames: items, NextToken };
      },
    },
  };
}

function checkTarget(target: Target, member: string, region: string): void {
  const { Id: id, Arn: arn } = target;
  if (!/^[.\-_A-Za-z0-9]+$/.test(id ?? ''))
    throw constraint(id, `${member}.id`, 'satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+');
  if (id.length > 64) throw constraint(id, `${member}.id`, 'have length less than or equal to 64');
  if (!/^arn:aws[\w-]*:[^:]+:[^:]*:[^:]*:.+$/.test(arn ?? ''))
    throw validation(`Parameter ${String(arn)} is not valid. Reason: Provided Arn is not in correct format.`);
  const service = arn.split(':')[2] as string;
  if (!DELIVERABLE.includes(service))
    throw validation(`The local cloud has no deliveries to ${service} (target ${id}: ${arn}).`);
  for (const name of Object.keys(target))
    if (!KNOWN.includes(name))
      throw validation(`The local cloud does not support ${name} of targets (target ${id}).`);
  checkRetry(target, member);
  checkInput(target);
  const queue = target.DeadLetterConfig?.Arn;
  if (queue !== undefined && !new RegExp(`^arn:aws:sqs:${region}:\\d{12}:[A-Za-z0-9_-]+$`).test(queue))
    throw validation(
      `Parameter DeadLetterConfig.Arn is not valid. Reason: ${queue} is not a standard SQS queue of ${region}.`,
    );
}

function checkRetry({ RetryPolicy: policy }: Target, member: string): void {
  const check = (value: number | undefined, name: string, least: number, greatest: number) => {
    if (value === undefined) return;
    if (value < least)
      throw constraint(
        value,
        `${member}.retryPolicy.${name}`,
        `have value greater than or equal to ${least}`,
      );
    if (value > greatest)
      throw constraint(
        value,
        `${member}.retryPolicy.${name}`,
        `have value less than or equal to ${greatest}`,
      );
  };
  check(policy?.MaximumRetryAttempts, 'maximumRetryAttempts', 0, 185);
  check(policy?.MaximumEventAgeInSeconds, 'maximumEventAgeInSeconds', 60, 86_400);
}

function checkInput(target: Target): void {
  const { Id: id, Input: input, InputPath: path, InputTransformer: transformer } = target;
  if ([input, path, transformer].filter((given) => given !== undefined).length > 1)
    throw validation(`Only one of Input, InputPath, or InputTransformer must be provided for target ${id}.`);
  if (input !== undefined && !isJson(input)) throw validation(`JSON syntax error in input for target ${id}.`);
  if (path !== undefined && !isPath(path)) throw validation(`InputPath for target ${id} is invalid.`);
  if (!transformer) return;
  for (const [name, at] of Object.entries(transformer.InputPathsMap ?? {}))
    if (!isPath(at)) throw validation(`InputPath ${name} for target ${id} is invalid.`);
  const [unknown] = unknownPlaceholders(transformer.InputTemplate, transformer.InputPathsMap ?? {});
  if (unknown !== undefined)
    throw validation(`InputTemplate for target ${id} contains invalid placeholder ${unknown}.`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
