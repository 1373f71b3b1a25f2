import fs from 'node:fs';
import path from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import {
  EventBridgeClient,
  ListEventBusesCommand,
  ListRulesCommand,
  PutRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestCloud, type TestCloud } from '../support/local-cloud.js';
import type { SavedWorld } from '../support/worlds.js';
import { cachao, workingDirectory } from './support/cli.js';
import { environmentFor } from './support/clouds.js';
import { inventory, tablesOf } from './support/inventory.js';
import { savedSetUp } from './support/saved-world.js';
import { schemaErrors } from './support/schema.js';
import { stripeOf } from './support/world.js';

const SHOP_TABLES = ['discount_codes', 'ticket_orders', 'tickets'];

interface Kept {
  resource: string;
  name: string;
  reason: string;
  why: string;
}

describe('cachao destroy', () => {
  let saved: SavedWorld;
  let cloud: TestCloud;
  let directory: ReturnType<typeof workingDirectory>;
  beforeAll(async () => {
    saved = await savedSetUp();
  });
  beforeEach(() => {
    directory = workingDirectory();
  });
  afterEach(async () => {
    await cloud.close();
    await directory.remove();
  });

  const run = (args: string[], environment: Record<string, string> = {}) =>
    cachao(args, { cwd: directory.path, environment: { ...environmentFor(cloud), ...environment } });
  async function setUp(environment: Record<string, string> = {}, ...args: string[]): Promise<void> {
    const { code, stdout } = await run(['setup', '--yes', '--json', ...args], environment);
    expect(JSON.parse(stdout).error).toBeNull();
    expect(code).toBe(0);
  }
  async function destroy(args: string[], environment: Record<string, string> = {}) {
    const result = await run(['destroy', '--json', ...args], environment);
    const report = JSON.parse(result.stdout);
    expect(schemaErrors(report)).toEqual([]);
    return { ...result, report, kept: (report.kept ?? []) as Kept[] };
  }
  const all = ['--yes', '--allow-deletions', '--delete-data'];

  /** What somebody else has in the same accounts, named so that a careless eye would take it for ours. */
  async function strangers(): Promise<void> {
    await new SQSClient(cloud.client).send(new CreateQueueCommand({ QueueName: 'cachao-dev-orders' }));
    await new EventBridgeClient(cloud.client).send(
      new PutRuleCommand({ Name: 'cachao-dev-stripe', EventPattern: '{"source":["shop"]}' }),
    );
    await new SSMClient(cloud.client).send(
      new PutParameterCommand({ Name: '/cachao/dev/other', Type: 'String', Value: 'x' }),
    );
    await stripeOf(cloud).webhookEndpoints.create({
      url: 'https://shop.example/hook',
      enabled_events: ['charge.succeeded'],
    });
  }

  it('leaves both clouds as they were before setup, and what strangers have untouched', async () => {
    cloud = await startTestCloud();
    await strangers();
    const before = inventory(cloud);
    await setUp();
    expect(inventory(cloud)).not.toEqual(before);
    const { code, report, kept } = await destroy(all);
    expect(report).toMatchObject({ outcome: 'changed', remaining: [], error: null });
    expect(code).toBe(0);
    expect(inventory(cloud)).toEqual(before);
    expect(await tablesOf(cloud)).toEqual(SHOP_TABLES);
    expect(kept.map(({ resource, reason }) => [resource, reason])).toEqual([
      ['Stripe webhook endpoint', 'foreign'],
      ['queue', 'foreign'],
    ]);
    const again = await destroy(all);
    expect(again.report).toMatchObject({ outcome: 'unchanged', changes: [] });
    expect(again.code).toBe(0);
  });

  it('only shows with --dry-run', async () => {
    cloud = await saved.start();
    const before = inventory(cloud);
    const { code, report } = await destroy(['--dry-run', '--delete-data']);
    expect(report.outcome).toBe('planned');
    expect(code).toBe(0);
    const kinds = report.changes.map((change: { resource: string }) => change.resource);
    expect([...new Set(kinds)], 'in the safe order').toEqual([
      'Stripe webhook endpoint',
      'ledger tables',
      'CloudFormation stack',
      'dead-letter queue',
      'event archive',
      'event bus',
      'Stripe event destination',
      'SSM SecureString',
      'artifact bucket',
    ]);
    expect({ ...inventory(cloud), 'logs.streams': [], 'logs.events': [] }).toEqual({
      ...before,
      'logs.streams': [],
      'logs.events': [],
    });
  });

  it('wants more than --yes, and changes nothing without it', async () => {
    cloud = await saved.start();
    const { code, report } = await destroy(['--yes']);
    expect(report.error.next.join()).toContain('--allow-deletions');
    expect(code).toBe(4);
    expect((await stripeOf(cloud).webhookEndpoints.list()).data).toHaveLength(1);
  });

  it('keeps what holds data, and a later setup does not collide with it', async () => {
    cloud = await saved.start();
    const sqs = new SQSClient(cloud.client);
    const queues = async () => (await sqs.send(new ListQueuesCommand({}))).QueueUrls ?? [];
    const made = (await queues()).length;
    expect(made).toBeGreaterThanOrEqual(2);
    const { code, kept } = await destroy(['--yes', '--allow-deletions']);
    expect(code).toBe(0);
    expect(kept.map(({ resource, reason }) => [resource, reason])).toEqual([
      ['ledger tables', 'data'],
      ...Array.from({ length: made }, () => ['dead-letter queue', 'data']),
      ['event archive', 'data'],
      ['event bus', 'data'],
    ]);
    expect([...new Set(kept.filter(({ name }) => name.includes('Queue')).map(({ why }) => why))]).toEqual([
      'empty; what still fails until the stack is gone would wait there',
    ]);
    expect(await queues()).toHaveLength(made);
    await setUp();
    expect(await queues()).toHaveLength(2 * made);
    expect((await destroy(all)).code).toBe(0);
    expect(await queues()).toEqual([]);
    const buses = await new EventBridgeClient(cloud.client).send(
      new ListEventBusesCommand({ NamePrefix: 'aws.' }),
    );
    expect(buses.EventBuses).toEqual([]);
  });

  it('leaves the bus and its destination where a stranger’s rule stands on it', async () => {
    cloud = await saved.start();
    const events = new EventBridgeClient(cloud.client);
    const { EventBuses } = await events.send(new ListEventBusesCommand({ NamePrefix: 'aws.partner/' }));
    const EventBusName = EventBuses?.[0]?.Name;
    await events.send(new PutRuleCommand({ Name: 'audit', EventBusName, EventPattern: '{"source":["x"]}' }));
    const { code, kept } = await destroy(all);
    expect(code).toBe(0);
    expect(kept.map(({ resource, reason }) => [resource, reason])).toEqual([
      ['event bus', 'shared'],
      ['Stripe event destination', 'shared'],
    ]);
    expect(kept[0]?.why).toContain('rule audit');
    const { Rules } = await events.send(new ListRulesCommand({ EventBusName }));
    expect(Rules?.map(({ Name }) => Name)).toEqual(['audit']);
    expect((await stripeOf(cloud).v2.core.eventDestinations.list()).data[0]?.status).toBe('enabled');
  });

  it('keeps the artifact bucket while another stage uses it, and while a stranger does', async () => {
    cloud = await saved.start();
    const cloudformation = new CloudFormationClient(cloud.client);
    await cloudformation.send(
      new CreateStackCommand({
        StackName: 'cachao-other',
        TemplateBody: JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } }),
        Tags: [
          { Key: 'ManagedBy', Value: 'cachao' },
          { Key: 'cachao:stage', Value: 'other' },
        ],
      }),
    );
    const first = await destroy(all);
    expect(first.code).toBe(0);
    expect(first.kept).toContainEqual(
      expect.objectContaining({
        resource: 'artifact bucket',
        reason: 'shared',
        why: 'other stages use it: other',
      }),
    );
    expect(inventory(cloud)['s3.buckets']).toHaveLength(1);
    await cloudformation.send(new DeleteStackCommand({ StackName: 'cachao-other' }));
    const [bucket = ''] = inventory(cloud)['s3.buckets']?.map(([name]) => name) ?? [];
    const s3 = new S3Client({ ...cloud.client, forcePathStyle: true });
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'notes.txt', Body: 'mine' }));
    expect((await destroy(all)).kept).toContainEqual(
      expect.objectContaining({
        resource: 'artifact bucket',
        reason: 'shared',
        why: 'it also holds notes.txt',
      }),
    );
  });

  it('leaves another stage on the same database its ledger, and drops the tables with the last', async () => {
    cloud = await saved.start();
    const test = { CACHAO_STAGE: 'test' };
    fs.writeFileSync(path.join(directory.path, 'cachao.config.json'), '{"stages":{"dev":{}}}');
    await setUp(test, '--skip-checkout');
    const plan = await destroy([...all, '--dry-run']);
    expect(plan.report.changes).toContainEqual(expect.objectContaining({ resource: 'ledger rows' }));
    expect(plan.kept).toContainEqual(
      expect.objectContaining({ resource: 'ledger tables', reason: 'shared', why: 'used by stage test too' }),
    );
    expect((await destroy(all)).code).toBe(0);
    const doctor = await run(['doctor', '--json', '--only', 'database'], test);
    expect(
      JSON.parse(doctor.stdout).findings.filter((one: { outcome: string }) => one.outcome === 'fail'),
    ).toEqual([]);
    expect(doctor.code).toBe(0);
    expect((await destroy(all, test)).code).toBe(0);
    expect(await tablesOf(cloud)).toEqual(SHOP_TABLES);
  });

  it('says that the stack is protected, and takes the protection away with it', async () => {
    cloud = await saved.start();
    await new CloudFormationClient(cloud.client).send(
      new UpdateTerminationProtectionCommand({ StackName: 'cachao-dev', EnableTerminationProtection: true }),
    );
    const { report } = await destroy(['--dry-run']);
    expect(JSON.stringify(report.changes)).toContain('PROTECTED FROM DELETION');
    expect((await destroy(all)).code).toBe(0);
    expect(inventory(cloud).stacks).toEqual([]);
  });

  it('wants a live account to be named', async () => {
    cloud = await startTestCloud();
    const live = { STRIPE_API_KEY: cloud.stripeLiveKey, CACHAO_MODE: 'live' };
    const account = (await stripeOf(cloud).accounts.retrieveCurrent()).id;
    await setUp(live, '--no-webhook', '--skip-checkout', '--confirm-live', account);
    const unnamed = await destroy(all, live);
    expect(unnamed.code).toBe(4);
    expect(unnamed.report.error.next.join()).toContain(`--confirm-live ${account}`);
    expect(inventory(cloud).stacks).toHaveLength(1);
    expect((await destroy([...all, '--confirm-live', account], live)).code).toBe(0);
    expect(inventory(cloud).stacks).toEqual([]);
  });

  it('gives an adopted destination back instead of deleting it', async () => {
    cloud = await startTestCloud();
    const stripe = stripeOf(cloud);
    const mine = await stripe.v2.core.eventDestinations.create({
      name: 'mine',
      type: 'amazon_eventbridge',
      event_payload: 'snapshot',
      snapshot_api_version: '2026-10-28.endive',
      enabled_events: ['checkout.session.completed'],
      amazon_eventbridge: { aws_account_id: '123456789012', aws_region: 'eu-west-1' },
      metadata: { team: 'shop' },
    });
    await setUp({}, '--adopt-destination', mine.id);
    const { code, report } = await destroy(all);
    expect(code).toBe(0);
    expect(report.changes).toContainEqual(expect.objectContaining({ action: 'update', name: mine.id }));
    const left = await stripe.v2.core.eventDestinations.retrieve(mine.id);
    expect(left.metadata).toEqual({ team: 'shop' });
  });

  it('goes on where the stack’s database is gone', async () => {
    cloud = await saved.start();
    await new SSMClient(cloud.client).send(
      new PutParameterCommand({
        Name: '/cachao/dev/database',
        Type: 'SecureString',
        Value: 'mysql://nobody:nothing@127.0.0.1:1/gone',
        Overwrite: true,
      }),
    );
    const { code, kept } = await destroy(all);
    expect(code).toBe(0);
    expect(kept).toContainEqual(expect.objectContaining({ resource: 'ledger tables' }));
    expect(inventory(cloud).stacks).toEqual([]);
  });
});
