import {
  CancelUpdateStackCommand,
  ContinueUpdateRollbackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  RollbackStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeSet, deploy, settled, story, template, thing } from './deploying.js';
import { startThingsCloud, type ThingsCloud } from './things-cloud.js';

let cloud: ThingsCloud;
beforeEach(async () => {
  cloud = await startThingsCloud();
});
afterEach(() => cloud.close());

const names = () =>
  cloud
    .things()
    .map(({ name }) => name)
    .sort();

describe('OnStackFailure and DisableRollback', () => {
  it('DO_NOTHING keeps what was made; an update then finishes it', async () => {
    const body = (fail: string) =>
      template({
        Good: thing({ Name: 'good' }),
        Bad: thing({ Name: 'bad', Fail: fail, Needs: { Ref: 'Good' } }),
      });
    const failed = await deploy(cloud.client, body('yes'), {
      ChangeSetType: 'CREATE',
      OnStackFailure: 'DO_NOTHING',
    });
    expect(failed.StackStatus).toBe('CREATE_FAILED');
    expect(names()).toEqual(['good']);
    expect((await deploy(cloud.client, body('no'))).StackStatus).toBe('UPDATE_COMPLETE');
    expect(names()).toEqual(['bad', 'good']);
  });

  it('DELETE takes the failed stack away', async () => {
    const prepared = await changeSet(cloud.client, {
      ChangeSetType: 'CREATE',
      OnStackFailure: 'DELETE',
      TemplateBody: JSON.stringify(
        template({ Good: thing(), Bad: thing({ Fail: 'yes', Needs: { Ref: 'Good' } }) }),
      ),
    });
    await expect(
      cloud.client.send(
        new ExecuteChangeSetCommand({ ChangeSetName: prepared.ChangeSetId, DisableRollback: false }),
      ),
    ).rejects.toThrow('OnStackFailure');
    await cloud.client.send(new ExecuteChangeSetCommand({ ChangeSetName: prepared.ChangeSetId }));
    expect((await settled(cloud.client, prepared.StackId as string)).StackStatus).toBe('DELETE_COMPLETE');
    expect(names()).toEqual([]);
    expect(await story(cloud.client, prepared.StackId as string)).toContain('Bad CREATE_FAILED');
  });

  it('a kept failed update goes back with RollbackStack', async () => {
    await deploy(cloud.client, template({ A: thing({ Name: 'a', Label: '1' }) }), {
      ChangeSetType: 'CREATE',
    });
    const failed = await deploy(
      cloud.client,
      template({
        A: thing({ Name: 'a2', Label: '2' }),
        B: thing({ Name: 'b', Fail: 'yes', Needs: { Ref: 'A' } }),
      }),
      {},
      { DisableRollback: true },
    );
    expect(failed.StackStatus).toBe('UPDATE_FAILED');
    expect(names()).toEqual(['a', 'a2']);
    await cloud.client.send(new RollbackStackCommand({ StackName: 'shop' }));
    expect((await settled(cloud.client, 'shop')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(names()).toEqual(['a']);
    expect(cloud.thing('a')?.properties.Label).toBe('1');
  });
});

it('a rollback that fails is continued, leaving out what cannot be brought back', async () => {
  await deploy(cloud.client, template({ A: thing({ Name: 'a', Label: '1' }) }), { ChangeSetType: 'CREATE' });
  cloud.cloud.clock.setMode('hasten', 60);
  const prepared = await changeSet(cloud.client, {
    TemplateBody: JSON.stringify(
      template({
        A: thing({ Name: 'a', Label: '2' }),
        B: thing({ Name: 'b', Fail: 'yes', Needs: { Ref: 'A' } }),
      }),
    ),
  });
  await cloud.client.send(new ExecuteChangeSetCommand({ ChangeSetName: prepared.ChangeSetId }));
  for (;;) {
    const { Stacks } = await cloud.client.send(new DescribeStacksCommand({ StackName: 'shop' }));
    if (Stacks?.[0]?.StackStatus === 'UPDATE_ROLLBACK_IN_PROGRESS') break;
  }
  // What the earlier template asks for is refused now.
  const operations = cloud.cloud.services.get('things')?.operations as Record<
    string,
    { handle: (input: never) => unknown }
  >;
  const put = operations.PutThing as { handle: (input: never) => unknown };
  operations.PutThing = {
    handle: () => {
      throw new Error('refused');
    },
  };
  expect((await settled(cloud.client, 'shop')).StackStatus).toBe('UPDATE_ROLLBACK_FAILED');
  await expect(changeSet(cloud.client, { UsePreviousTemplate: true })).rejects.toThrow(
    'is in UPDATE_ROLLBACK_FAILED state and can not be updated.',
  );
  await cloud.client.send(new ContinueUpdateRollbackCommand({ StackName: 'shop' }));
  expect((await settled(cloud.client, 'shop')).StackStatus).toBe('UPDATE_ROLLBACK_FAILED');
  await cloud.client.send(new ContinueUpdateRollbackCommand({ StackName: 'shop', ResourcesToSkip: ['A'] }));
  expect((await settled(cloud.client, 'shop')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  operations.PutThing = put;
  expect((await deploy(cloud.client, template({ A: thing({ Name: 'a', Label: '3' }) }))).StackStatus).toBe(
    'UPDATE_COMPLETE',
  );
});

it('an update is cancelled back to what was', async () => {
  await deploy(cloud.client, template({ A: thing({ Name: 'a', Label: '1' }) }), { ChangeSetType: 'CREATE' });
  cloud.cloud.clock.setMode('hasten', 20);
  const prepared = await changeSet(cloud.client, {
    TemplateBody: JSON.stringify(
      template({ A: thing({ Name: 'a', Label: '2' }), B: thing({ Name: 'b', Needs: { Ref: 'A' } }) }),
    ),
  });
  await expect(cloud.client.send(new CancelUpdateStackCommand({ StackName: 'shop' }))).rejects.toThrow(
    'CancelUpdateStack cannot be called from current stack status',
  );
  await cloud.client.send(new ExecuteChangeSetCommand({ ChangeSetName: prepared.ChangeSetId }));
  await cloud.client.send(new CancelUpdateStackCommand({ StackName: 'shop' }));
  expect((await settled(cloud.client, 'shop')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(cloud.thing('a')?.properties.Label).toBe('1');
  expect(names()).toEqual(['a']);
});

it('a creation under way is deleted with all it made', async () => {
  cloud.cloud.clock.setMode('hasten', 60);
  const prepared = await changeSet(cloud.client, {
    ChangeSetType: 'CREATE',
    TemplateBody: JSON.stringify(
      template({
        A: thing({ Name: 'a' }),
        B: thing({ Needs: { Ref: 'A' } }),
        C: thing({ Needs: { Ref: 'B' } }),
      }),
    ),
  });
  await cloud.client.send(new ExecuteChangeSetCommand({ ChangeSetName: prepared.ChangeSetId }));
  await cloud.client.send(new DeleteStackCommand({ StackName: 'shop' }));
  expect((await settled(cloud.client, prepared.StackId as string)).StackStatus).toBe('DELETE_COMPLETE');
  expect(names()).toEqual([]);
});

describe('deletion', () => {
  it('is refused under termination protection', async () => {
    await deploy(cloud.client, template({ A: thing() }), { ChangeSetType: 'CREATE' });
    await cloud.client.send(
      new UpdateTerminationProtectionCommand({ StackName: 'shop', EnableTerminationProtection: true }),
    );
    await expect(cloud.client.send(new DeleteStackCommand({ StackName: 'shop' }))).rejects.toThrow(
      'Stack [shop] cannot be deleted while TerminationProtection is enabled',
    );
  });

  it('fails on what cannot be deleted, and goes on with RetainResources', async () => {
    const stack = await deploy(
      cloud.client,
      template({ A: thing({ Name: 'a', Stuck: 'yes' }), B: thing({ Name: 'b' }) }),
      { ChangeSetType: 'CREATE' },
    );
    await cloud.client.send(new DeleteStackCommand({ StackName: 'shop' }));
    const failed = await settled(cloud.client, 'shop');
    expect(failed.StackStatus).toBe('DELETE_FAILED');
    expect(failed.StackStatusReason).toContain('The following resource(s) failed to delete: [A].');
    expect(names()).toEqual(['a']);
    await cloud.client.send(new DeleteStackCommand({ StackName: 'shop', RetainResources: ['A'] }));
    expect((await settled(cloud.client, stack.StackId as string)).StackStatus).toBe('DELETE_COMPLETE');
    expect(names()).toEqual(['a']);
  });

  it('keeps what RetainExceptOnCreate keeps, except after a failed creation', async () => {
    const kept = thing({ Name: 'kept' }, { DeletionPolicy: 'RetainExceptOnCreate' });
    const failed = await deploy(
      cloud.client,
      template({ Kept: kept, Bad: thing({ Fail: 'yes', Needs: { Ref: 'Kept' } }) }),
      { ChangeSetType: 'CREATE' },
    );
    expect(failed.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(names()).toEqual([]);
    await cloud.client.send(new DeleteStackCommand({ StackName: 'shop' }));
    await settled(cloud.client, failed.StackId as string);
    const made = await deploy(cloud.client, template({ Kept: kept }), { ChangeSetType: 'CREATE' });
    await cloud.client.send(new DeleteStackCommand({ StackName: 'shop' }));
    expect((await settled(cloud.client, made.StackId as string)).StackStatus).toBe('DELETE_COMPLETE');
    expect(names()).toEqual(['kept']);
  });
});
