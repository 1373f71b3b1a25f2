import {
  DeleteStackCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeSet, deploy, events, settled, story, template, thing } from './deploying.js';
import { startThingsCloud, type ThingsCloud } from './things-cloud.js';

let cloud: ThingsCloud;
beforeEach(async () => {
  cloud = await startThingsCloud();
});
afterEach(() => cloud.close());

const YAML = `
Parameters:
  Stage: { Type: String, AllowedValues: [test, live], Default: test }
  Secret: { Type: String, NoEcho: true, Default: hush }
Conditions:
  IsLive: !Equals [!Ref Stage, live]
Resources:
  Second:
    Type: Test::Things::Thing
    Properties:
      Label: !Sub "\${First.Arn}/\${Stage}"
      Needs: !If [IsLive, yes, !Ref "AWS::NoValue"]
  First:
    Type: Test::Things::Thing
    Properties: { Name: first, Label: !Join ["-", [a, !Ref "AWS::Region"]] }
  Only:
    Type: Test::Things::Thing
    Condition: IsLive
Outputs:
  Arn: { Value: !GetAtt First.Arn, Export: { Name: !Sub "\${AWS::StackName}-arn" } }
  Live: { Value: live, Condition: IsLive }
`;

describe('a stack through change sets', () => {
  it('is created in dependency order, with outputs, tags and events', async () => {
    const stack = await deploy(
      cloud.client,
      YAML,
      { ChangeSetType: 'CREATE', Tags: [{ Key: 'team', Value: 'shop' }] },
      { ClientRequestToken: 'run-1' },
    );
    expect(stack.StackStatus).toBe('CREATE_COMPLETE');
    expect(stack.Outputs).toEqual([
      { OutputKey: 'Arn', OutputValue: 'arn:things:first', ExportName: 'shop-arn' },
    ]);
    expect(stack.Parameters).toContainEqual({ ParameterKey: 'Secret', ParameterValue: '****' });
    expect(await story(cloud.client, 'shop')).toEqual([
      'shop REVIEW_IN_PROGRESS',
      'shop CREATE_IN_PROGRESS',
      'First CREATE_IN_PROGRESS',
      'First CREATE_IN_PROGRESS',
      'First CREATE_COMPLETE',
      'Second CREATE_IN_PROGRESS',
      'Second CREATE_IN_PROGRESS',
      'Second CREATE_COMPLETE',
      'shop CREATE_COMPLETE',
    ]);
    const told = await events(cloud.client, stack.StackId as string);
    expect(told.slice(1).every((event) => event.ClientRequestToken === 'run-1')).toBe(true);
    const second = cloud.things().find(({ name }) => name !== 'first');
    expect(second?.name).toMatch(/^shop-Second-[A-Z0-9]{12}$/);
    expect(second?.properties).toEqual({ Label: 'arn:things:first/test' });
    expect(second?.tags).toMatchObject({
      team: 'shop',
      'aws:cloudformation:stack-name': 'shop',
      'aws:cloudformation:logical-id': 'Second',
    });
  });

  it('is updated in place, replaced and reduced, cleaning up at the end', async () => {
    await deploy(
      cloud.client,
      template({ A: thing({ Name: 'a', Label: '1' }), B: thing({ Name: 'b' }), C: thing({ Name: 'c' }) }),
      { ChangeSetType: 'CREATE' },
    );
    const stack = await deploy(
      cloud.client,
      template({ A: thing({ Name: 'a', Label: '2' }), B: thing({ Name: 'b2' }) }),
    );
    expect(stack.StackStatus).toBe('UPDATE_COMPLETE');
    expect(
      cloud
        .things()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['a', 'b2']);
    expect(cloud.thing('a')?.properties.Label).toBe('2');
    const told = await story(cloud.client, 'shop');
    const cleanup = told.indexOf('shop UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    expect(told.indexOf('B UPDATE_COMPLETE')).toBeLessThan(cleanup);
    expect(told.indexOf('B DELETE_COMPLETE')).toBeGreaterThan(cleanup);
    expect(told.indexOf('C DELETE_COMPLETE')).toBeGreaterThan(cleanup);
    const { StackResourceSummaries } = await cloud.client.send(
      new ListStackResourcesCommand({ StackName: 'shop' }),
    );
    expect(
      StackResourceSummaries?.map(
        (one) => `${one.LogicalResourceId} ${one.PhysicalResourceId} ${one.ResourceStatus}`,
      ),
    ).toEqual(['A a UPDATE_COMPLETE', 'B b2 UPDATE_COMPLETE']);
  });

  it('fails a change set without changes with the recorded reason, and one of tags alone does not fail', async () => {
    const body = template({ A: thing({ Name: 'a', Number: 5 }) });
    await deploy(cloud.client, body, { ChangeSetType: 'CREATE' });
    const same = await changeSet(cloud.client, {
      TemplateBody: JSON.stringify(template({ A: thing({ Name: 'a', Number: '5' }) })),
    });
    expect(same).toMatchObject({
      Status: 'FAILED',
      ExecutionStatus: 'UNAVAILABLE',
      StatusReason:
        "The submitted information didn't contain changes. Submit different information to create a change set.",
    });
    const tagged = await deploy(cloud.client, body, {
      ChangeSetName: 'tags',
      Tags: [{ Key: 'k', Value: 'v' }],
    });
    expect(tagged.StackStatus).toBe('UPDATE_COMPLETE');
    expect(cloud.thing('a')?.tags).toMatchObject({ k: 'v' });
  });

  it('is deleted in reverse order; its events stay readable by its id', async () => {
    const stack = await deploy(
      cloud.client,
      template({
        A: thing({ Name: 'a' }),
        B: thing({ Name: 'b', Needs: { Ref: 'A' } }),
        K: thing({ Name: 'k' }, { DeletionPolicy: 'Retain' }),
      }),
      { ChangeSetType: 'CREATE' },
    );
    await cloud.client.send(new DeleteStackCommand({ StackName: 'shop' }));
    expect((await settled(cloud.client, stack.StackId as string)).StackStatus).toBe('DELETE_COMPLETE');
    expect(cloud.things().map(({ name }) => name)).toEqual(['k']);
    const told = await story(cloud.client, stack.StackId as string);
    expect(told.indexOf('B DELETE_COMPLETE')).toBeLessThan(told.indexOf('A DELETE_IN_PROGRESS'));
    expect(told).toContain('K DELETE_SKIPPED');
    await expect(cloud.client.send(new DescribeStacksCommand({ StackName: 'shop' }))).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id shop does not exist',
    });
  });
});

describe('failures', () => {
  it('rolls a first creation back to ROLLBACK_COMPLETE, which cannot be updated', async () => {
    const stack = await deploy(
      cloud.client,
      template({
        Good: thing({ Name: 'good' }),
        Bad: thing({ Name: 'bad', Fail: 'yes', Needs: { Ref: 'Good' } }),
        Slow: thing({ Needs: { Ref: 'Good' } }),
        Late: thing({ Needs: { Ref: 'Bad' } }),
      }),
      { ChangeSetType: 'CREATE' },
    );
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(cloud.things()).toEqual([]);
    const told = await events(cloud.client, 'shop');
    const bad = told.find(
      (event) => event.LogicalResourceId === 'Bad' && event.ResourceStatus === 'CREATE_FAILED',
    );
    expect(bad?.ResourceStatusReason).toMatch(
      /^Resource handler returned message: "Thing bad was told to fail\." \(RequestToken: [0-9a-f-]{36}, HandlerErrorCode: InvalidRequest\)$/,
    );
    expect(told.some((event) => event.LogicalResourceId === 'Late')).toBe(false);
    expect(
      told.find((event) => event.ResourceStatus === 'ROLLBACK_IN_PROGRESS')?.ResourceStatusReason,
    ).toMatch(/^The following resource\(s\) failed to create: \[Bad.*\]\. Rollback requested by user\.$/);
    await expect(
      changeSet(cloud.client, { TemplateBody: JSON.stringify(template({ A: thing() })) }),
    ).rejects.toThrow(`Stack:${stack.StackId} is in ROLLBACK_COMPLETE state and can not be updated.`);
    await expect(
      changeSet(cloud.client, {
        ChangeSetType: 'CREATE',
        TemplateBody: JSON.stringify(template({ A: thing() })),
      }),
    ).rejects.toThrow('Stack [shop] already exists and cannot be created again with the changeSet [next].');
  });

  it('rolls a failed update back to what was, and the stack can be updated again', async () => {
    await deploy(cloud.client, template({ A: thing({ Name: 'a', Label: '1' }), B: thing({ Name: 'b' }) }), {
      ChangeSetType: 'CREATE',
    });
    const next = (fail: string) =>
      template({
        A: thing({ Name: 'a', Label: '2' }),
        B: thing({ Name: 'b2' }),
        New: thing({ Name: 'n', Fail: fail, Needs: { 'Fn::Join': ['', [{ Ref: 'A' }, { Ref: 'B' }]] } }),
      });
    const failed = await deploy(cloud.client, next('yes'));
    expect(failed.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(cloud.things().map(({ name, properties }) => [name, properties.Label])).toEqual([
      ['a', '1'],
      ['b', undefined],
    ]);
    expect((await deploy(cloud.client, next('no'))).StackStatus).toBe('UPDATE_COMPLETE');
    expect(
      cloud
        .things()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['a', 'b2', 'n']);
  });

  it('cancels what has not begun when a neighbour fails', async () => {
    cloud.cloud.clock.setMode('hasten', 60);
    const many = Object.fromEntries(
      Array.from({ length: 6 }, (_unused, index) => [
        `T${index}`,
        thing({ Name: `t${index}`, Fail: index === 0 ? 'yes' : 'no' }),
      ]),
    );
    await deploy(cloud.client, template(many), { ChangeSetType: 'CREATE' });
    const cancelled = (await events(cloud.client, 'shop')).filter(
      (event) => event.ResourceStatusReason === 'Resource creation cancelled',
    );
    expect(cancelled.length).toBeGreaterThan(0);
    expect(cancelled.every((event) => event.ResourceStatus === 'CREATE_FAILED')).toBe(true);
    expect(cloud.things()).toEqual([]);
  });
});
