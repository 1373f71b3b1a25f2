import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CloudFormationClient,
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  type ExecuteChangeSetCommandInput,
  type Stack,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';

/** Creates a change set and waits until it is worked out. */
export async function changeSet(
  client: CloudFormationClient,
  input: Partial<CreateChangeSetCommandInput>,
): Promise<DescribeChangeSetCommandOutput> {
  const { Id } = await client.send(
    new CreateChangeSetCommand({ StackName: 'shop', ChangeSetName: 'next', ...input }),
  );
  for (;;) {
    const found = await client.send(
      new DescribeChangeSetCommand({ ChangeSetName: Id, IncludePropertyValues: true }),
    );
    if (found.Status === 'CREATE_COMPLETE' || found.Status === 'FAILED') return found;
    await sleep(5);
  }
}

/** Creates a change set, executes it, and waits until the stack rests. */
export async function deploy(
  client: CloudFormationClient,
  template: object | string,
  input: Partial<CreateChangeSetCommandInput> = {},
  execution: Partial<ExecuteChangeSetCommandInput> = {},
): Promise<Stack> {
  const TemplateBody = typeof template === 'string' ? template : JSON.stringify(template);
  const prepared = await changeSet(client, { TemplateBody, ...input });
  if (prepared.Status === 'FAILED') throw new Error(prepared.StatusReason);
  await client.send(new ExecuteChangeSetCommand({ ChangeSetName: prepared.ChangeSetId, ...execution }));
  return await settled(client, prepared.StackId as string);
}

export async function settled(client: CloudFormationClient, stack: string): Promise<Stack> {
  for (;;) {
    const found = (await client.send(new DescribeStacksCommand({ StackName: stack }))).Stacks?.[0] as Stack;
    if (!found.StackStatus?.endsWith('_IN_PROGRESS')) return found;
    await sleep(5);
  }
}

/** All events of a stack, oldest first. */
export async function events(client: CloudFormationClient, stack: string): Promise<StackEvent[]> {
  const all: StackEvent[] = [];
  let NextToken: string | undefined;
  do {
    const found = await client.send(new DescribeStackEventsCommand({ StackName: stack, NextToken }));
    all.push(...(found.StackEvents ?? []));
    NextToken = found.NextToken;
  } while (NextToken);
  return all.reverse();
}

/** `Id STATUS` of every event, oldest first. */
export async function story(client: CloudFormationClient, stack: string): Promise<string[]> {
  return (await events(client, stack)).map((event) => `${event.LogicalResourceId} ${event.ResourceStatus}`);
}

export const thing = (properties: object = {}, rest: object = {}) => ({
  Type: 'Test::Things::Thing',
  Properties: properties,
  ...rest,
});
export const template = (Resources: object, rest: object = {}) => ({ Resources, ...rest });
