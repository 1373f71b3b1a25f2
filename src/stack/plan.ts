import type { cloudformationReads, Stack } from '../aws/cloudformation.js';
import type { Settings } from '../config/settings.js';
import { type Change, KNOWN_AFTER_APPLY } from '../core/check.js';
import { compareMaps, compareResources, differingSections, type ParameterDifference } from './compare.js';
import { resourcesThatApply, underConditions } from './conditions.js';
import { type StackInputs, stackParameters } from './parameters.js';
import { type Condition, conditionOf } from './status.js';
import { parseTemplate, type Template } from './template.js';

export interface StackPlan {
  /** Deployed exactly as this checkout and these settings say. */
  upToDate: boolean;
  condition: Condition;
  /** The stack's status; null while there is none. */
  status: string | null;
  changes: Change[];
}

export interface PlanReads {
  cloudformation: Pick<ReturnType<typeof cloudformationReads>, 'stack' | 'template'>;
}

/**
 * Compares template, parameters and tags with what is deployed. Writes and uploads nothing, so it cannot foresee
 * everything: only CloudFormation's own change set knows what is replaced.
 */
export async function planStack(
  reads: PlanReads,
  settings: Settings,
  inputs: StackInputs,
  check = 'stack.current',
): Promise<StackPlan> {
  const name = settings.stack.name;
  const [stack, deployedBody] = await Promise.all([
    reads.cloudformation.stack(name),
    deployedTemplate(reads, name),
  ]);
  const parameters = stackParameters(settings, inputs);
  const next = parseTemplate(inputs.templateBody);
  const condition = conditionOf(stack?.status);
  const base = { condition, status: stack?.status ?? null };
  const change = (action: Change['action'], details: string[]): Change => ({
    check,
    action,
    resource: 'CloudFormation stack',
    name,
    details,
  });
  if (condition === 'absent' || !stack || deployedBody === undefined)
    return { ...base, upToDate: false, changes: [change('create', summaryOf(next, parameters))] };
  if (condition === 'unusable')
    return {
      ...base,
      upToDate: false,
      changes: [
        change('replace', [
          `is in ${stack.status}: WILL BE DELETED and created again`,
          ...summaryOf(next, parameters),
        ]),
      ],
    };
  const details = differences(stack, parseTemplate(deployedBody), next, parameters, inputs.tags);
  if (condition === 'stuck') details.unshift(`is in ${stack.status}: its roll-back is continued first`);
  if (condition === 'busy') details.unshift(`is in ${stack.status}: that is waited for first`);
  return {
    ...base,
    upToDate: details.length === 0,
    changes: details.length > 0 ? [change('update', details)] : [],
  };
}

async function deployedTemplate(reads: PlanReads, name: string): Promise<string | undefined> {
  try {
    return await reads.cloudformation.template(name);
  } catch (error) {
    // A stack in REVIEW_IN_PROGRESS has no template to give.
    if (/REVIEW_IN_PROGRESS/.test((error as Error).message)) return undefined;
    throw error;
  }
}

function differences(
  stack: Stack,
  deployed: Template,
  next: Template,
  parameters: Record<string, string>,
  tags: Record<string, string>,
): string[] {
  // A parameter may take resources away, or bring them, though both templates name them.
  const resources = compareResources(
    underConditions(deployed, stack.parameters),
    underConditions(next, parameters),
  );
  const removed = resources.filter(({ kind }) => kind === 'removed').length;
  return [
    ...(removed > 0 ? [`${removed} resource${removed === 1 ? ' is' : 's are'} DELETED:`] : []),
    ...resources.map(({ kind, logicalId, type, paths }) => {
      if (kind === 'added') return `+ ${logicalId} (${type})`;
      if (kind === 'removed') return `- ${logicalId} (${type})`;
      return `~ ${logicalId} (${type}): ${paths.join(', ')}`;
    }),
    ...differingSections(deployed, next).map((section) => `~ template: ${section}`),
    ...compareMaps(stack.parameters, parameters).map((difference) => line('parameter', difference)),
    ...compareMaps(own(stack.tags, tags), tags).map((difference) => line('tag', difference)),
  ];
}

/** Tags that others put on the stack are theirs, but CloudFormation would take them away: only ours are compared. */
function own(tags: Record<string, string>, ours: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => key in ours));
}

function line(what: string, { name, previous, next }: ParameterDifference): string {
  const shown = (value: string | null) => (value === null ? '(none)' : value === '' ? '(empty)' : value);
  return `~ ${what} ${name}: ${shown(previous)} → ${next === KNOWN_AFTER_APPLY ? KNOWN_AFTER_APPLY : shown(next)}`;
}

/** `+ 3 × AWS::Lambda::Function, 1 × AWS::SNS::Topic`, commonest first, in one line: what the stack will be made of, with these parameters. */
function summaryOf(template: Template, parameters: Record<string, string>): string[] {
  const counts = new Map<string, number>();
  for (const { Type } of resourcesThatApply(template, parameters))
    counts.set(Type, (counts.get(Type) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  return sorted.length === 0 ? [] : [`+ ${sorted.map(([type, count]) => `${count} × ${type}`).join(', ')}`];
}
