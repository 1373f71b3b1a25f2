import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteStackCommand,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  ListExportsCommand,
  ListImportsCommand,
  SetStackPolicyCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeSet, deploy, settled, template, thing } from './deploying.js';
import { startThingsCloud, type ThingsCloud } from './things-cloud.js';

let cloud: ThingsCloud;
beforeEach(async () => {
  cloud = await startThingsCloud();
});
afterEach(() => cloud.close());

async function detect() {
  const { StackDriftDetectionId } = await cloud.client.send(
    new DetectStackDriftCommand({ StackName: 'shop' }),
  );
  for (;;) {
    const found = await cloud.client.send(
      new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }),
    );
    if (found.DetectionStatus !== 'DETECTION_IN_PROGRESS') return found;
    await sleep(5);
  }
}

describe('a change set that reverts drift', () => {
  it('brings back what was changed or deleted by hand, and leaves the rest alone', async () => {
    const shop = template({
      A: thing({ Name: 'a', Label: '1', Number: 3 }),
      B: thing({ Name: 'b', Label: '2' }),
      C: thing({ Name: 'c' }),
    });
    await deploy(cloud.client, shop, { ChangeSetType: 'CREATE' });
    const table = cloud.cloud.store.table('things.things');
    table.set('a', { name: 'a', properties: { Name: 'a', Label: 'by hand', Number: '3' }, tags: {} });
    table.delete('c');
    const plain = await changeSet(cloud.client, {
      TemplateBody: JSON.stringify(shop),
      ChangeSetName: 'plain',
    });
    expect(plain.StatusReason).toContain("didn't contain changes");
    const reverting = { TemplateBody: JSON.stringify(shop), DeploymentMode: 'REVERT_DRIFT' as const };
    const found = await changeSet(cloud.client, reverting);
    expect(found.DeploymentMode).toBe('REVERT_DRIFT');
    expect(
      found.Changes?.map(({ ResourceChange: change }) => [
        change?.Action,
        change?.LogicalResourceId,
        change?.Details?.map(
          ({ Target }) => `${Target?.Path}: ${Target?.BeforeValue} -> ${Target?.AfterValue}`,
        ),
      ]),
    ).toEqual([
      ['Modify', 'A', ['/Properties/Label: by hand -> 1']],
      ['Add', 'C', []],
    ]);
    const stack = await deploy(cloud.client, shop, { ...reverting, ChangeSetName: 'again' });
    expect(stack.StackStatus).toBe('UPDATE_COMPLETE');
    expect(await detect()).toMatchObject({ StackDriftStatus: 'IN_SYNC' });
  });

  it('has nothing to do where nothing drifted, and knows no other mode', async () => {
    const shop = template({ A: thing({ Name: 'a', Label: '1' }) });
    await deploy(cloud.client, shop, { ChangeSetType: 'CREATE' });
    const body = { TemplateBody: JSON.stringify(shop) };
    const found = await changeSet(cloud.client, { ...body, DeploymentMode: 'REVERT_DRIFT' });
    expect(found).toMatchObject({
      Status: 'FAILED',
      StatusReason: expect.stringContaining("didn't contain"),
    });
    await expect(
      changeSet(cloud.client, { ...body, ChangeSetName: 'x', DeploymentMode: 'KEEP' as never }),
    ).rejects.toThrow(/REVERT_DRIFT/);
  });
});

describe('drift', () => {
  it('is found in what the template states, and only there', async () => {
    await deploy(
      cloud.client,
      template({
        A: thing({ Name: 'a', Label: '1', Number: 3 }),
        B: thing({ Name: 'b' }),
        C: thing({ Name: 'c' }),
      }),
      { ChangeSetType: 'CREATE' },
    );
    expect(await detect()).toMatchObject({
      DetectionStatus: 'DETECTION_COMPLETE',
      StackDriftStatus: 'IN_SYNC',
      DriftedStackResourceCount: 0,
    });
    const table = cloud.cloud.store.table('things.things');
    table.set('a', { name: 'a', properties: { Name: 'a', Label: 'by hand', Number: '3' }, tags: {} });
    table.set('b', { name: 'b', properties: { Name: 'b', Label: 'nobody asked' }, tags: {} });
    table.delete('c');
    expect(await detect()).toMatchObject({ StackDriftStatus: 'DRIFTED', DriftedStackResourceCount: 2 });
    const { StackResourceDrifts } = await cloud.client.send(
      new DescribeStackResourceDriftsCommand({ StackName: 'shop' }),
    );
    expect(StackResourceDrifts).toMatchObject([
      {
        LogicalResourceId: 'A',
        StackResourceDriftStatus: 'MODIFIED',
        PropertyDifferences: [
          { PropertyPath: '/Label', ExpectedValue: '1', ActualValue: 'by hand', DifferenceType: 'NOT_EQUAL' },
        ],
      },
      { LogicalResourceId: 'B', StackResourceDriftStatus: 'IN_SYNC' },
      { LogicalResourceId: 'C', StackResourceDriftStatus: 'DELETED' },
    ]);
    const { Stacks } = await cloud.client.send(new DescribeStacksCommand({ StackName: 'shop' }));
    expect(Stacks?.[0]?.DriftInformation?.StackDriftStatus).toBe('DRIFTED');
  });
});

describe('exports', () => {
  const exporting = (value: string) =>
    template({ A: thing() }, { Outputs: { O: { Value: value, Export: { Name: 'shared' } } } });

  it('cannot be taken while another stack imports them', async () => {
    await deploy(cloud.client, exporting('one'), { ChangeSetType: 'CREATE' });
    await deploy(
      cloud.client,
      template({ B: thing({ Name: 'b', Label: { 'Fn::ImportValue': 'shared' } }) }),
      { StackName: 'other', ChangeSetType: 'CREATE' },
    );
    expect(cloud.thing('b')?.properties.Label).toBe('one');
    expect((await cloud.client.send(new ListExportsCommand({}))).Exports).toMatchObject([
      { Name: 'shared', Value: 'one' },
    ]);
    expect((await cloud.client.send(new ListImportsCommand({ ExportName: 'shared' }))).Imports).toEqual([
      'other',
    ]);
    const updated = await deploy(cloud.client, exporting('two'));
    expect(updated.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    await cloud.client.send(new DeleteStackCommand({ StackName: 'shop' }));
    expect(await settled(cloud.client, 'shop')).toMatchObject({
      StackStatus: 'DELETE_FAILED',
      StackStatusReason: expect.stringContaining('in use by other'),
    });
  });

  it('that nobody makes fail the execution, not the change set', async () => {
    const body = template({ B: thing({ Label: { 'Fn::ImportValue': 'nowhere' } }) });
    const options = { StackName: 'importing', ChangeSetType: 'CREATE' } as const;
    expect((await deploy(cloud.client, body, options)).StackStatus).toBe('ROLLBACK_COMPLETE');
    const { StackEvents = [] } = await cloud.client.send(
      new DescribeStackEventsCommand({ StackName: 'importing' }),
    );
    expect(StackEvents.map(({ ResourceStatusReason }) => ResourceStatusReason)).toContainEqual(
      expect.stringContaining('No export named nowhere found.'),
    );
  });
});

it('stack policies are refused by name', async () => {
  await expect(
    cloud.client.send(new SetStackPolicyCommand({ StackName: 'shop', StackPolicyBody: '{}' })),
  ).rejects.toThrow('The local cloud does not support SetStackPolicy.');
});
