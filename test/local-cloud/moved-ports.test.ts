import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { CreateQueueCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import Stripe from 'stripe';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeDirectory } from '../support/directories.js';
import { startTestCloud, type TestCloud } from '../support/local-cloud.js';

let directory: string;
const closing: (() => void | Promise<void>)[] = [];
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'moved-'));
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await removeDirectory(directory);
});

async function start(): Promise<TestCloud> {
  const cloud = await startTestCloud({ directory });
  closing.push(() => cloud.close());
  return cloud;
}

async function occupy(...ports: number[]): Promise<void> {
  for (const port of ports) {
    const server = net.createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => void server.close());
  }
}

const stripeOf = (cloud: TestCloud) =>
  new Stripe(cloud.environment.STRIPE_API_KEY as string, {
    ...{ host: '127.0.0.1', port: cloud.ports.stripe, protocol: 'http', telemetry: false },
  });
const read = async (cloud: TestCloud, Name: string) =>
  (await new SSMClient(cloud.client).send(new GetParameterCommand({ Name, WithDecryption: true }))).Parameter
    ?.Value;

/** A world that names its own addresses in open and in sealed records, and some that are not its own. */
async function furnish(cloud: TestCloud): Promise<void> {
  const ssm = new SSMClient(cloud.client);
  const { aws, stripe, database } = cloud;
  const values = {
    '/own': `${database.url} ${aws}/x?y=${stripe}`,
    // A longer port, another host, and no address at all.
    '/foreign': `${aws}1/ http://10.0.0.1:${cloud.ports.aws}/ ${cloud.ports.aws}`,
  };
  for (const [Name, Value] of Object.entries(values))
    for (const Type of ['String', 'SecureString'] as const)
      await ssm.send(new PutParameterCommand({ Name: `${Name}/${Type}`, Value, Type }));
  await new SQSClient(cloud.client).send(new CreateQueueCommand({ QueueName: 'orders' }));
  await stripeOf(cloud).webhookEndpoints.create({
    url: `${aws}/_aws/execute-api/abc123/local/hook`,
    enabled_events: ['checkout.session.completed'],
  });
}

it('takes the same ports again', async () => {
  const first = await start();
  await first.close();
  expect((await start()).ports).toEqual(first.ports);
});

it.each<[string, ('aws' | 'stripe' | 'database')[]]>([
  ['the AWS port', ['aws']],
  ['the Stripe port', ['stripe']],
  ['the database port', ['database']],
  ['all three', ['aws', 'stripe', 'database']],
])('when %s is taken, what names it names the new one, at that start and the next', async (_what, taken) => {
  const first = await start();
  await furnish(first);
  const foreign = await read(first, '/foreign/String');
  await first.close();
  await occupy(...taken.map((name) => first.ports[name]));
  const moved = await start();
  for (const name of ['aws', 'stripe', 'database'] as const)
    expect(moved.ports[name] !== first.ports[name], name).toBe(taken.includes(name));
  expect(moved.warnings).toEqual([expect.stringMatching(/^The local cloud has moved \(.*\), because .*\.$/)]);
  await check(moved);
  await moved.close();
  const next = await start();
  expect(next.warnings).toEqual([]);
  expect(next.ports).toEqual(moved.ports);
  await check(next);

  async function check(cloud: TestCloud): Promise<void> {
    for (const type of ['String', 'SecureString']) {
      expect(await read(cloud, `/own/${type}`)).toBe(
        `${cloud.database.url} ${cloud.aws}/x?y=${cloud.stripe}`,
      );
      expect(await read(cloud, `/foreign/${type}`)).toBe(foreign);
    }
    const { QueueUrl } = await new SQSClient(cloud.client).send(
      new GetQueueUrlCommand({ QueueName: 'orders' }),
    );
    expect(QueueUrl).toBe(`${cloud.aws}/123456789012/orders`);
    const { data } = await stripeOf(cloud).webhookEndpoints.list();
    expect(data.map(({ url }) => url)).toEqual([`${cloud.aws}/_aws/execute-api/abc123/local/hook`]);
  }
});
