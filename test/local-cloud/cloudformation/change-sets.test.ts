import {
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  ListChangeSetsCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeSet, deploy, settled, template, thing } from './deploying.js';
import { startThingsCloud, type ThingsCloud } from './things-cloud.js';

let cloud: ThingsCloud;
beforeEach(async () => {
  cloud = await startThingsCloud();
});
afterEach(() => cloud.close());

const body = (resources: object, rest: object = {}) => JSON.stringify(template(resources, rest));

describe('what a change set tells', () => {
  it('shows additions, changes with their values and cause, replacements and removals', async () => {
    const Parameters = { Label: { Type: 'String' } };
    await deploy(
      cloud.client,
      template(
        {
          A: thing({ Name: 'a', Label: { Ref: 'Label' } }),
          B: thing({ Name: 'b' }),
          C: thing({ Label: { 'Fn::GetAtt': ['B', 'Arn'] } }),
          D: thing({ Name: 'd' }, { DeletionPolicy: 'Retain' }),
        },
        { Parameters },
      ),
      { ChangeSetType: 'CREATE', Parameters: [{ ParameterKey: 'Label', ParameterValue: 'one' }] },
    );
    const { Changes } = await changeSet(cloud.client, {
      TemplateBody: body(
        {
          A: thing({ Name: 'a', Label: { Ref: 'Label' } }),
          B: thing({ Name: 'b2' }),
          C: thing({ Label: { 'Fn::GetAtt': ['B', 'Arn'] } }),
          E: thing({ Label: { Ref: 'B' } }),
        },
        { Parameters },
      ),
      Parameters: [{ ParameterKey: 'Label', ParameterValue: 'two' }],
    });
    const byId = Object.fromEntries(
      (Changes ?? []).map(({ ResourceChange: one }) => [one?.LogicalResourceId, one]),
    );
    expect(byId.A).toMatchObject({
      Action: 'Modify',
      Replacement: 'False',
      Scope: ['Properties'],
      PhysicalResourceId: 'a',
      Details: [
        {
          Target: {
            Attribute: 'Properties',
            Name: 'Label',
            RequiresRecreation: 'Never',
            BeforeValue: 'one',
            AfterValue: 'two',
            Path: '/Properties/Label',
          },
          ChangeSource: 'ParameterReference',
          CausingEntity: 'Label',
          Evaluation: 'Static',
        },
      ],
    });
    expect(JSON.parse(byId.A?.BeforeContext ?? '')).toEqual({ Properties: { Name: 'a', Label: 'one' } });
    expect(JSON.parse(byId.A?.AfterContext ?? '')).toEqual({ Properties: { Name: 'a', Label: 'two' } });
    expect(byId.B).toMatchObject({ Action: 'Modify', Replacement: 'True', PolicyAction: 'ReplaceAndDelete' });
    expect(byId.C?.Details?.[0]).toMatchObject({
      Evaluation: 'Dynamic',
      ChangeSource: 'ResourceAttribute',
      CausingEntity: 'B.Arn',
      Target: { AfterValue: '{{changeSet:KNOWN_AFTER_APPLY}}' },
    });
    expect(byId.D).toMatchObject({ Action: 'Remove', PolicyAction: 'Retain' });
    expect(byId.E).toMatchObject({ Action: 'Add' });
    expect(byId.E?.Replacement).toBeUndefined();
    const plain = await cloud.client.send(
      new DescribeChangeSetCommand({ StackName: 'shop', ChangeSetName: 'next' }),
    );
    expect(plain.Changes?.[0]?.ResourceChange?.AfterContext).toBeUndefined();
  });

  it('says Conditional where an attribute of something that changes feeds a property that replaces', async () => {
    const resources = (label: string) => ({
      A: thing({ Name: 'a', Label: label }),
      B: thing({ Name: { 'Fn::GetAtt': ['A', 'Arn'] } }),
    });
    await deploy(cloud.client, template(resources('1')), { ChangeSetType: 'CREATE' });
    const { Changes } = await changeSet(cloud.client, { TemplateBody: body(resources('2')) });
    expect(Changes?.[1]?.ResourceChange).toMatchObject({
      LogicalResourceId: 'B',
      Replacement: 'Conditional',
      Details: [{ Evaluation: 'Dynamic' }],
    });
  });

  it('never shows a NoEcho value', async () => {
    const prepared = await changeSet(cloud.client, {
      ChangeSetType: 'CREATE',
      TemplateBody: body(
        { A: thing({ Label: { 'Fn::Join': ['', ['x-', { Ref: 'Secret' }]] } }) },
        { Parameters: { Secret: { Type: 'String', NoEcho: true } } },
      ),
      Parameters: [{ ParameterKey: 'Secret', ParameterValue: 'geheim"1' }],
    });
    expect(JSON.stringify(prepared)).not.toContain('geheim');
    expect(prepared.Parameters).toEqual([{ ParameterKey: 'Secret', ParameterValue: '****' }]);
    expect(prepared.Changes?.[0]?.ResourceChange?.AfterContext).toContain('x-****');
  });
});

describe('pre-deployment validation', () => {
  const Bad = thing({ Colour: 'red' });

  it('fails the change set; only DescribeEvents tells why', async () => {
    const prepared = await changeSet(cloud.client, {
      ChangeSetType: 'CREATE',
      TemplateBody: body({ Good: thing(), Bad }),
    });
    expect(prepared.Status).toBe('FAILED');
    expect(prepared.StatusReason).not.toContain('Colour');
    const { OperationEvents } = await cloud.client.send(
      new DescribeEventsCommand({ ChangeSetName: prepared.ChangeSetId, Filters: { FailedEvents: true } }),
    );
    expect(OperationEvents).toMatchObject([
      {
        EventType: 'VALIDATION_ERROR',
        ValidationName: 'PROPERTY_VALIDATION',
        ValidationStatus: 'FAILED',
        ValidationFailureMode: 'FAIL',
        ValidationPath: '/Resources/Bad/Properties/Colour',
        LogicalResourceId: 'Bad',
      },
    ]);
    await expect(
      cloud.client.send(new ExecuteChangeSetCommand({ ChangeSetName: prepared.ChangeSetId })),
    ).rejects.toMatchObject({ name: 'InvalidChangeSetStatusException' });
  });

  it('left out, the resource fails instead', async () => {
    const stack = await deploy(cloud.client, template({ Bad }), {
      ChangeSetType: 'CREATE',
      DisableValidation: true,
    });
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    const { OperationEvents } = await cloud.client.send(
      new DescribeEventsCommand({ StackName: 'shop', Filters: { FailedEvents: true } }),
    );
    expect(
      OperationEvents?.find((event) => event.EventType === 'PROVISIONING_ERROR')?.ResourceStatusReason,
    ).toContain('extraneous key [Colour] is not permitted');
  });
});

describe('the life of a change set', () => {
  it('leaves a stack in review; a second CREATE change set is allowed, and executing one discards the other', async () => {
    const first = await changeSet(cloud.client, {
      ChangeSetName: 'first',
      ChangeSetType: 'CREATE',
      TemplateBody: body({ A: thing() }),
    });
    expect(
      (await cloud.client.send(new DescribeStacksCommand({ StackName: 'shop' }))).Stacks?.[0]?.StackStatus,
    ).toBe('REVIEW_IN_PROGRESS');
    const second = await changeSet(cloud.client, {
      ChangeSetName: 'second',
      ChangeSetType: 'CREATE',
      TemplateBody: body({ B: thing() }),
    });
    expect(
      (await cloud.client.send(new ListChangeSetsCommand({ StackName: 'shop' }))).Summaries,
    ).toHaveLength(2);
    await cloud.client.send(
      new ExecuteChangeSetCommand({ ChangeSetName: second.ChangeSetId, ClientRequestToken: 't' }),
    );
    await cloud.client.send(
      new ExecuteChangeSetCommand({ ChangeSetName: second.ChangeSetId, ClientRequestToken: 't' }),
    );
    expect((await settled(cloud.client, 'shop')).StackStatus).toBe('CREATE_COMPLETE');
    await expect(
      cloud.client.send(new DescribeChangeSetCommand({ ChangeSetName: first.ChangeSetId })),
    ).rejects.toMatchObject({ name: 'ChangeSetNotFoundException' });
    expect(
      await cloud.client.send(new DescribeChangeSetCommand({ ChangeSetName: second.ChangeSetId })),
    ).toMatchObject({ ExecutionStatus: 'EXECUTE_COMPLETE' });
    expect((await cloud.client.send(new ListChangeSetsCommand({ StackName: 'shop' }))).Summaries).toEqual([]);
  });

  it('takes a name once, except for the same client token', async () => {
    const input = {
      StackName: 'shop',
      ChangeSetName: 'one',
      ChangeSetType: 'CREATE' as const,
      TemplateBody: body({ A: thing() }),
      ClientToken: 'same',
    };
    const first = await cloud.client.send(new CreateChangeSetCommand(input));
    expect((await cloud.client.send(new CreateChangeSetCommand(input))).Id).toBe(first.Id);
    await expect(
      cloud.client.send(new CreateChangeSetCommand({ ...input, ClientToken: 'other' })),
    ).rejects.toMatchObject({ name: 'AlreadyExistsException' });
  });

  it('can be deleted, twice', async () => {
    await changeSet(cloud.client, { ChangeSetType: 'CREATE', TemplateBody: body({ A: thing() }) });
    for (let time = 0; time < 2; time += 1)
      await cloud.client.send(new DeleteChangeSetCommand({ StackName: 'shop', ChangeSetName: 'next' }));
    expect((await cloud.client.send(new ListChangeSetsCommand({ StackName: 'shop' }))).Summaries).toEqual([]);
  });

  it('for an update needs a stack', async () => {
    await expect(changeSet(cloud.client, { TemplateBody: body({ A: thing() }) })).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack [shop] does not exist',
    });
  });

  it('uses the previous template and parameters', async () => {
    const Parameters = { One: { Type: 'String' }, Two: { Type: 'String' } };
    await deploy(
      cloud.client,
      template(
        { A: thing({ Name: 'a', Label: { 'Fn::Join': ['-', [{ Ref: 'One' }, { Ref: 'Two' }]] } }) },
        { Parameters },
      ),
      {
        ChangeSetType: 'CREATE',
        Parameters: [
          { ParameterKey: 'One', ParameterValue: '1' },
          { ParameterKey: 'Two', ParameterValue: '2' },
        ],
      },
    );
    const prepared = await changeSet(cloud.client, {
      UsePreviousTemplate: true,
      Parameters: [
        { ParameterKey: 'One', UsePreviousValue: true },
        { ParameterKey: 'Two', ParameterValue: '3' },
      ],
    });
    await cloud.client.send(new ExecuteChangeSetCommand({ ChangeSetName: prepared.ChangeSetId }));
    await settled(cloud.client, 'shop');
    expect(cloud.thing('a')?.properties.Label).toBe('1-3');
    await expect(
      cloud.client.send(
        new UpdateStackCommand({
          StackName: 'shop',
          UsePreviousTemplate: true,
          Parameters: [
            { ParameterKey: 'One', UsePreviousValue: true },
            { ParameterKey: 'Two', UsePreviousValue: true },
          ],
        }),
      ),
    ).rejects.toThrow('No updates are to be performed.');
  });
});
