import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StackEvent } from '../../src/aws/cloudformation.js';
import { lambdaInvocations } from '../../src/aws/lambda-writes.js';
import { artifactBucketName } from '../../src/stack/artifact-bucket.js';
import { discardChangeSet, prepareChangeSet } from '../../src/stack/change-set.js';
import { planStack } from '../../src/stack/plan.js';
import { buildHandlers, type Deployment, quietRun, startDeployment, TEMPLATE } from './deployment.js';
import { ACCOUNT, SETTINGS } from './stage.js';

let deployment: Deployment;
beforeEach(async () => {
  deployment = await startDeployment();
});
afterEach(() => deployment.close());

const plan = async (settings = SETTINGS) =>
  planStack(deployment.services, settings, await deployment.inputs());

describe('a first deployment', () => {
  it('creates the stack, tells its events in order, and gives its outputs', async () => {
    expect(await plan()).toMatchObject({ upToDate: false, condition: 'absent', status: null });
    const events: StackEvent[] = [];
    const outputs = await deployment.deploy({ run: { onEvent: (event) => events.push(event) } });
    expect(outputs.ruleName).toBe('cachao-dev-stripe');
    expect(outputs.webhookPath).toBe('/webhooks/stripe');
    expect(events.at(0)).toMatchObject({ logicalId: 'cachao-dev', status: 'CREATE_IN_PROGRESS' });
    expect(events.at(-1)).toMatchObject({ logicalId: 'cachao-dev', status: 'CREATE_COMPLETE' });
    expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
    const answer = await lambdaInvocations(deployment.session).invoke(outputs.operationsFunctionName, '{}');
    expect(JSON.parse(answer.payload)).toEqual({ name: 'operations', marker: '1' });
  });

  it('keeps the code in a private, encrypted, versioned bucket, and uploads it once', async () => {
    await deployment.deploy();
    const { s3 } = deployment.services;
    const bucket = artifactBucketName(ACCOUNT, 'eu-west-1');
    expect(await s3.bucket(bucket)).toMatchObject({
      publicAccessBlocked: true,
      encrypted: true,
      versioned: true,
      tags: { ManagedBy: 'cachao' },
    });
    const uploads: string[] = [];
    const note = (text: string) => text.startsWith('uploading') && uploads.push(text);
    await buildHandlers(deployment.directory, { marker: '1' });
    await deployment.deploy({ run: { progress: { note } } });
    expect(uploads).toEqual([]);
    await buildHandlers(deployment.directory, { marker: '2' });
    const outputs = await deployment.deploy({ run: { progress: { note } } });
    expect(uploads).toHaveLength(4);
    const answer = await lambdaInvocations(deployment.session).invoke(outputs.operationsFunctionName, '{}');
    expect(JSON.parse(answer.payload)).toMatchObject({ marker: '2' });
  });

  it('passes the stack tags on, and protects a live stage from deletion', async () => {
    await deployment.deploy({ settings: { mode: 'live' } });
    const stack = await deployment.services.cloudformation.stack('cachao-dev');
    expect(stack).toMatchObject({
      terminationProtection: true,
      tags: { ManagedBy: 'cachao', 'cachao:stage': 'dev' },
    });
  });

  it('that is declined leaves no empty stack behind', async () => {
    const prepared = await prepareChangeSet(
      deployment.services,
      SETTINGS,
      await deployment.inputs(),
      quietRun(),
    );
    await discardChangeSet(deployment.services, prepared);
    await expect.poll(() => deployment.services.cloudformation.stack('cachao-dev')).toBeUndefined();
  });
});

describe('a deployment of what is deployed', () => {
  it('is seen to change nothing, without a write, and is success without a change set', async () => {
    await deployment.deploy();
    expect(await plan()).toEqual({
      upToDate: true,
      condition: 'ready',
      status: 'CREATE_COMPLETE',
      changes: [],
    });
    const prepared = await prepareChangeSet(
      deployment.services,
      SETTINGS,
      await deployment.inputs(),
      quietRun(),
    );
    expect(prepared).toMatchObject({ changeSetName: undefined, changes: [] });
    expect(await deployment.services.cloudformation.changeSetNames('cachao-dev')).toEqual([]);
  });

  it('keeps tags that others put on the stack', async () => {
    await deployment.deploy({ inputs: { tags: { ...(await deployment.inputs()).tags, CostCentre: '42' } } });
    await deployment.deploy({ settings: { logRetentionDays: 30 } });
    expect((await deployment.services.cloudformation.stack('cachao-dev'))?.tags).toMatchObject({
      CostCentre: '42',
    });
  });
});

describe('an update', () => {
  it('is planned from settings and template, and then happens', async () => {
    await deployment.deploy();
    const settings = { ...SETTINGS, logRetentionDays: 30 };
    const inputs = await deployment.inputs({
      templateBody: TEMPLATE.replace('MemorySize: 512', 'MemorySize: 256'),
    });
    const planned = await planStack(deployment.services, settings, inputs);
    expect(planned.changes[0]?.details).toEqual([
      '~ StripeEventFunction (AWS::Lambda::Function): Properties.MemorySize',
      '~ parameter LogRetentionDays: 14 → 30',
    ]);
    const prepared = await prepareChangeSet(deployment.services, settings, inputs, quietRun());
    expect(prepared).toMatchObject({ type: 'UPDATE', destructive: false });
    expect(prepared.changes.map((change) => change.name)).toContain('StripeEventFunction');
    await deployment.deploy({ settings, inputs });
    expect((await planStack(deployment.services, settings, inputs)).upToDate).toBe(true);
  });

  it('is planned with what a parameter takes away, as the change set deletes it', async () => {
    await deployment.deploy();
    const settings = { ...SETTINGS, webhook: false };
    const inputs = await deployment.inputs();
    const [first, ...details] =
      (await planStack(deployment.services, settings, inputs)).changes[0]?.details ?? [];
    const prepared = await prepareChangeSet(deployment.services, settings, inputs, quietRun());
    const deleted = prepared.changes.filter(({ action }) => action === 'delete').map(({ name }) => name);
    expect(deleted).toContain('WebhookApi');
    expect(first).toBe(`${deleted.length} resources are DELETED:`);
    const named = details.flatMap((line) => /^- (\w+) /.exec(line)?.[1] ?? []);
    expect(named.sort()).toEqual(deleted.sort());
  });

  it('says loudly what is deleted, and what is deleted but stays', async () => {
    await deployment.deploy();
    const prepared = await prepareChangeSet(
      deployment.services,
      { ...SETTINGS, webhook: false },
      await deployment.inputs(),
      quietRun(),
    );
    expect(prepared.destructive).toBe(true);
    expect(prepared.changes[0]).toMatchObject({ action: 'delete' });
    const api = prepared.changes.find((change) => change.name === 'WebhookApi');
    expect(api?.details[0]).toMatch(/^WILL BE DELETED/);
  });
});
