import type { Change as SdkChange, Stack as SdkStack } from '@aws-sdk/client-cloudformation';
import { isCode, unlessAbsent } from './errors.js';
import { allPages, iso, tokenAs } from './pages.js';
import type { AwsSession } from './session.js';
import { type Tags, tagsOf } from './tags.js';

export interface Stack {
  name: string;
  /** The stack's ARN: also finds it after it was deleted. */
  id: string;
  status: string;
  statusReason: string | null;
  createdAt: string | null;
  updatedAt: string | null;
  parameters: Record<string, string>;
  outputs: Record<string, string>;
  tags: Tags;
  capabilities: string[];
  terminationProtection: boolean;
}

export interface StackEvent {
  id: string;
  time: string;
  logicalId: string;
  physicalId: string | null;
  resourceType: string;
  status: string;
  reason: string | null;
  /** The ClientRequestToken of the operation that it belongs to. */
  token: string | null;
}

export interface StackResource {
  logicalId: string;
  physicalId: string | null;
  type: string;
  status: string;
  drift: string;
  /** When its status last changed. */
  updatedAt: string | null;
}

export interface ResourceChange {
  action: 'Add' | 'Modify' | 'Remove' | 'Import' | 'Dynamic' | string;
  logicalId: string;
  physicalId: string | null;
  type: string;
  /** For Modify: whether a new one takes its place. */
  replacement: 'True' | 'False' | 'Conditional' | null;
  /** `Retain`: what is removed or replaced stays in the account. */
  policyAction: string | null;
  /** What changes: `Properties.Timeout: 30 → 60`. */
  details: string[];
}

export interface ChangeSet {
  name: string;
  id: string;
  stackId: string;
  status: string;
  statusReason: string | null;
  executionStatus: string;
  description: string | null;
  changes: ResourceChange[];
}

/** What pre-deployment validation, or provisioning, found wrong: only DescribeEvents tells (FACTS-AWS §6). */
export interface OperationFailure {
  logicalId: string | null;
  resourceType: string | null;
  /** `PROPERTY_VALIDATION`, `RESOURCE_NAME_CONFLICT`…; null for errors of provisioning. */
  validation: string | null;
  /** Whether it stops the operation. */
  stops: boolean;
  path: string | null;
  reason: string;
}

/** DescribeStacks has no typed error for this; its text is all there is. */
export function saysNoStack(error: unknown): boolean {
  return isCode(error, 'ValidationError') && /does not exist/.test((error as Error).message);
}

async function unlessNoStack<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (saysNoStack(error)) return undefined;
    throw error;
  }
}

export function cloudformationReads(session: AwsSession) {
  return {
    /** By name, or by ARN (also when deleted). REVIEW_IN_PROGRESS counts as a stack. */
    stack(nameOrId: string): Promise<Stack | undefined> {
      return session.call('cloudformation', 'cloudformation:DescribeStacks', async (client) => {
        const answer = await unlessNoStack(client.describeStacks({ StackName: nameOrId }));
        const stack = answer?.Stacks?.[0];
        return stack && readStack(stack);
      });
    },

    listStacks(): Promise<Stack[]> {
      return session.call('cloudformation', 'cloudformation:DescribeStacks', (client) =>
        allPages(async (token) => {
          const page = await client.describeStacks(tokenAs('NextToken', token));
          return { items: page.Stacks?.map(readStack), next: page.NextToken };
        }),
      );
    },

    /** The template as it was given. */
    template(stackName: string): Promise<string | undefined> {
      return templateBody(session, stackName, 'Original');
    },

    /** The template with its transforms worked in: what a SAM template became. */
    expandedTemplate(stackName: string): Promise<string | undefined> {
      return templateBody(session, stackName, 'Processed');
    },

    resources(stackName: string): Promise<StackResource[]> {
      return session.call('cloudformation', 'cloudformation:ListStackResources', async (client) => {
        const listed = allPages(async (token) => {
          const page = await client.listStackResources({
            StackName: stackName,
            ...tokenAs('NextToken', token),
          });
          return { items: page.StackResourceSummaries, next: page.NextToken };
        });
        return ((await unlessNoStack(listed)) ?? []).map((resource) => ({
          logicalId: resource.LogicalResourceId ?? '',
          physicalId: resource.PhysicalResourceId ?? null,
          type: resource.ResourceType ?? '',
          status: resource.ResourceStatus ?? '',
          drift: resource.DriftInformation?.StackResourceDriftStatus ?? 'NOT_CHECKED',
          updatedAt: iso(resource.LastUpdatedTimestamp),
        }));
      });
    },

    /**
     * Newest first, back to (and without) the event `after`, or to the stack's beginning. Reads as few pages as
     * that needs.
     */
    events(stackNameOrId: string, after?: string): Promise<StackEvent[]> {
      return session.call('cloudformation', 'cloudformation:DescribeStackEvents', async (client) => {
        let reached = false;
        const found = allPages(async (token) => {
          const page = await client.describeStackEvents({
            StackName: stackNameOrId,
            ...tokenAs('NextToken', token),
          });
          const events = page.StackEvents ?? [];
          const end = after === undefined ? -1 : events.findIndex((event) => event.EventId === after);
          reached = end >= 0;
          return {
            items: reached ? events.slice(0, end) : events,
            next: reached ? undefined : page.NextToken,
          };
        });
        return ((await unlessNoStack(found)) ?? []).map((event) => ({
          id: event.EventId ?? '',
          time: iso(event.Timestamp) ?? '',
          logicalId: event.LogicalResourceId ?? '',
          physicalId: event.PhysicalResourceId || null,
          resourceType: event.ResourceType ?? '',
          status: event.ResourceStatus ?? '',
          reason: event.ResourceStatusReason ?? null,
          token: event.ClientRequestToken ?? null,
        }));
      });
    },

    /** A change set with all its changes; undefined when it does not exist. */
    changeSet(stackName: string, name: string): Promise<ChangeSet | undefined> {
      return session.call('cloudformation', 'cloudformation:DescribeChangeSet', async (client) => {
        const describe = (token?: string) =>
          client.describeChangeSet({
            StackName: stackName,
            ChangeSetName: name,
            IncludePropertyValues: true,
            ...tokenAs('NextToken', token),
          });
        const first = await unlessAbsent(
          unlessNoStack(describe()),
          'ChangeSetNotFoundException',
          'ChangeSetNotFound',
        );
        if (!first) return undefined;
        const rest = first.NextToken
          ? await allPages(async (token) => {
              const page = await describe(token ?? first.NextToken);
              return { items: page.Changes, next: page.NextToken };
            })
          : [];
        return {
          name: first.ChangeSetName ?? name,
          id: first.ChangeSetId ?? '',
          stackId: first.StackId ?? '',
          status: first.Status ?? '',
          statusReason: first.StatusReason ?? null,
          executionStatus: first.ExecutionStatus ?? '',
          description: first.Description ?? null,
          changes: [...(first.Changes ?? []), ...rest].flatMap(readChange),
        };
      });
    },

    /** Names of the change sets that wait on a stack. */
    changeSetNames(stackName: string): Promise<string[]> {
      return session.call('cloudformation', 'cloudformation:ListChangeSets', async (client) => {
        const listed = allPages(async (token) => {
          const page = await client.listChangeSets({ StackName: stackName, ...tokenAs('NextToken', token) });
          return {
            items: page.Summaries?.map((summary) => summary.ChangeSetName ?? ''),
            next: page.NextToken,
          };
        });
        return (await unlessNoStack(listed)) ?? [];
      });
    },

    /** Why validation refused a change set. Empty where AWS has nothing to say. */
    changeSetFailures(stackName: string, changeSet: string): Promise<OperationFailure[]> {
      return session.call('cloudformation', 'cloudformation:DescribeEvents', (client) =>
        allPages(async (token) => {
          const page = await client.describeEvents({
            StackName: stackName,
            ChangeSetName: changeSet,
            Filters: { FailedEvents: true },
            ...tokenAs('NextToken', token),
          });
          return {
            items: page.OperationEvents?.map((event) => ({
              logicalId: event.LogicalResourceId ?? null,
              resourceType: event.ResourceType ?? null,
              validation: event.ValidationName ?? null,
              stops: event.ValidationFailureMode !== 'WARN',
              path: event.ValidationPath ?? null,
              reason: event.ValidationStatusReason ?? event.ResourceStatusReason ?? '',
            })),
            next: page.NextToken,
          };
        }),
      );
    },
  };
}

function templateBody(
  session: AwsSession,
  stackName: string,
  stage: 'Original' | 'Processed',
): Promise<string | undefined> {
  return session.call('cloudformation', 'cloudformation:GetTemplate', async (client) => {
    const answer = await unlessNoStack(client.getTemplate({ StackName: stackName, TemplateStage: stage }));
    return answer?.TemplateBody;
  });
}

function readStack(stack: SdkStack): Stack {
  return {
    name: stack.StackName ?? '',
    id: stack.StackId ?? '',
    status: stack.StackStatus ?? '',
    statusReason: stack.StackStatusReason ?? null,
    createdAt: iso(stack.CreationTime),
    updatedAt: iso(stack.LastUpdatedTime),
    parameters: Object.fromEntries(
      (stack.Parameters ?? []).map((p) => [p.ParameterKey ?? '', p.ParameterValue ?? '']),
    ),
    outputs: Object.fromEntries((stack.Outputs ?? []).map((o) => [o.OutputKey ?? '', o.OutputValue ?? ''])),
    tags: tagsOf(stack.Tags),
    capabilities: stack.Capabilities ?? [],
    terminationProtection: stack.EnableTerminationProtection ?? false,
  };
}

function readChange({ ResourceChange: change }: SdkChange): ResourceChange[] {
  if (!change) return [];
  const details = (change.Details ?? []).flatMap(({ Target: target }) => {
    if (!target) return [];
    const path = target.Path ?? [target.Attribute, target.Name].filter(Boolean).join('.');
    const values =
      target.BeforeValue === undefined && target.AfterValue === undefined
        ? ''
        : `: ${target.BeforeValue ?? '(none)'} → ${target.AfterValue ?? '(none)'}`;
    return [`${path.replace(/^\//, '').replaceAll('/', '.')}${values}`];
  });
  return [
    {
      action: change.Action ?? '',
      logicalId: change.LogicalResourceId ?? '',
      physicalId: change.PhysicalResourceId ?? null,
      type: change.ResourceType ?? '',
      replacement: change.Replacement ?? null,
      policyAction: change.PolicyAction ?? null,
      details: [...new Set(details)],
    },
  ];
}
