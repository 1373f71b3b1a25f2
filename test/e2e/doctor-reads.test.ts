import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/local-cloud/kernel/cloud.js';
import { isRead } from '../../src/local-cloud/kernel/service.js';
import { envelope } from '../handlers/support/envelopes.js';
import { type SetUp, setUp } from './support/set-up.js';
import { stripeOf } from './support/world.js';

/** Of SQS, receiving with a visibility that is given back at once is how a message is looked at. */
const LOOKS = ['lambda Invoke', 'sqs ReceiveMessage', 'sqs ChangeMessageVisibilityBatch'];

describe('what doctor reads', () => {
  let stage: SetUp;
  beforeAll(async () => {
    stage = await setUp();
  });
  afterAll(() => stage?.close());

  /** What doctor itself asked, without what the clouds and the functions ask of each other. */
  async function callsOf(...args: string[]) {
    const { faults } = stage.cloud.cloud;
    faults.calls = [];
    faults.recording = true;
    const { report } = await stage.report(['doctor', ...args]);
    faults.recording = false;
    expect(report.exitCode).toBe(0);
    const operator = OPERATOR.kind === 'service' ? OPERATOR.service : OPERATOR.arn;
    return faults.calls.filter(({ caller }) => caller === operator || caller === 'stripe');
  }

  it('is read once: no operation is called twice with the same arguments', async () => {
    const calls = await callsOf();
    const made = calls.map(({ service, operation, input }) => `${service} ${operation} ${input}`);
    expect(made.length).toBeGreaterThan(40);
    expect(made.filter((call, index) => made.indexOf(call) !== index)).toEqual([]);
  });

  it('is only read: nothing that changes anything is called', async () => {
    const calls = await callsOf('--deep');
    const writes = calls
      .filter(({ service, operation }) =>
        service === 'stripe' ? !operation.startsWith('GET ') : !isRead(operation),
      )
      .map(({ service, operation }) => `${service} ${operation}`);
    expect([...new Set(writes)].filter((call) => !LOOKS.includes(call))).toEqual([]);
  });

  it('is left as it is: looks before and after a replay move no message and add no row to the ledger', async () => {
    const [event] = (await stripeOf(stage.cloud).events.list({ types: ['checkout.session.completed'] })).data;
    if (!event) throw new Error('setup paid no order');
    const source = stage.outputs.EventBusName ?? '';
    const resources = [`arn:aws:events:eu-west-1::event-source/${source}`];
    const failed = envelope(event as never, { source, resources });
    for (const body of [JSON.stringify(failed), '{"neither": "event nor envelope"}']) putAside(body);

    const before = await standing();
    expect(before.waiting).toEqual([
      ['2', '0'],
      ['0', '0'],
    ]);
    await Promise.all([stage.run(['doctor', '--deep']), stage.run(['doctor'])]);
    expect(await standing()).toEqual(before);

    await stage.run(['replay-dlq', '--yes']);
    const after = await standing();
    expect(after.waiting[0]).toEqual(['1', '0']);
    await Promise.all([stage.run(['doctor', '--deep']), stage.run(['doctor'])]);
    expect(await standing()).toEqual(after);
  });

  /** As EventBridge does what it could not hand over. */
  function putAside(body: string): void {
    const { DeliveryFailuresQueueArn: queueArn = '', RuleArn: sourceArn = '' } = stage.outputs;
    const principal = { kind: 'service', service: 'events.amazonaws.com' } as const;
    stage.cloud.cloud.port('sqs').send({ queueArn, body, principal, sourceArn });
  }

  async function standing() {
    const sqs = new SQSClient(stage.cloud.client);
    const queues = [stage.outputs.DeliveryFailuresQueueUrl, stage.outputs.FunctionFailuresQueueUrl];
    const waiting = queues.map(async (QueueUrl) => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
      );
      return [Attributes.ApproximateNumberOfMessages, Attributes.ApproximateNumberOfMessagesNotVisible];
    });
    return { waiting: await Promise.all(waiting), ledger: await ledger() };
  }

  /** How many rows stand in each table that a payment touches. */
  async function ledger(): Promise<unknown> {
    const { url, password } = stage.cloud.database;
    const database = await createConnection({ uri: url.replace(/\?.*/, '').replace('@', `:${password}@`) });
    try {
      const tables = ['stripe_events', 'stripe_event_arrivals', 'ticket_orders'];
      const counts = tables.map((table) => `(SELECT COUNT(*) FROM ${table}) AS ${table}`);
      const [rows] = await database.query(`SELECT ${counts.join(', ')}`);
      return rows;
    } finally {
      await database.end();
    }
  }
});
