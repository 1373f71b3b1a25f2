import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutMetricFilterCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeDirectory } from '../../support/directories.js';
import { startWatchedCloud, type WatchedCloud } from '../watched-cloud.js';

const GROUP = '/aws/lambda/handler';
let watched: WatchedCloud;
let client: CloudWatchLogsClient;
beforeEach(async () => {
  watched = await startWatchedCloud();
  client = new CloudWatchLogsClient(watched.client);
  await client.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
});
afterEach(() => watched.close());

const write = (messages: string[], stream = 'one') => {
  const now = watched.clock.now();
  watched.cloud.port('logs').write(
    'eu-west-1',
    GROUP,
    stream,
    messages.map((message, index) => ({ timestamp: now + index, message })),
  );
  return now;
};
const found = async (filterPattern: string) =>
  (await client.send(new FilterLogEventsCommand({ logGroupName: GROUP, filterPattern }))).events?.map(
    ({ message }) => message,
  );

describe('log groups', () => {
  it('are not made by a line: what is written to one that does not exist is lost', async () => {
    await client.send(new DeleteLogGroupCommand({ logGroupName: GROUP }));
    write(['hello']);
    expect((await client.send(new DescribeLogGroupsCommand({}))).logGroups).toEqual([]);
    await client.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
    expect(await found('')).toEqual([]);
    write(['again']);
    expect(await found('')).toEqual(['again']);
    const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws' }));
    expect(logGroups).toEqual([
      expect.objectContaining({
        logGroupName: GROUP,
        arn: `arn:aws:logs:eu-west-1:123456789012:log-group:${GROUP}:*`,
      }),
    ]);
  });

  it('keep what their retention allows, of the values AWS knows', async () => {
    write(['old']);
    await expect(
      client.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 10 })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await client.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 1 }));
    await watched.clock.advance(25 * 3_600_000);
    write(['new']);
    expect(await found('')).toEqual(['new']);
  });

  it('have tags, and are gone when deleted', async () => {
    await client.send(new CreateLogGroupCommand({ logGroupName: 'own', tags: { team: 'shop' } }));
    const resourceArn = 'arn:aws:logs:eu-west-1:123456789012:log-group:own';
    expect((await client.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({
      team: 'shop',
    });
    await client.send(new DeleteLogGroupCommand({ logGroupName: 'own' }));
    await expect(
      client.send(new GetLogEventsCommand({ logGroupName: 'own', logStreamName: 's' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('log events', () => {
  it('are put to a stream, read by page both ways, and refused out of order', async () => {
    await client.send(new CreateLogGroupCommand({ logGroupName: 'own' }));
    await client.send(new CreateLogStreamCommand({ logGroupName: 'own', logStreamName: 's' }));
    const now = watched.clock.now();
    const logEvents = ['a', 'b', 'c', 'd', 'e'].map((message, index) => ({
      timestamp: now + index,
      message,
    }));
    const name = { logGroupName: 'own', logStreamName: 's' };
    await client.send(new PutLogEventsCommand({ ...name, logEvents }));
    await expect(
      client.send(new PutLogEventsCommand({ ...name, logEvents: [...logEvents].reverse() })),
    ).rejects.toThrow('chronological');
    const first = await client.send(new GetLogEventsCommand({ ...name, startFromHead: true, limit: 2 }));
    const second = await client.send(
      new GetLogEventsCommand({ ...name, limit: 2, nextToken: first.nextForwardToken }),
    );
    const back = await client.send(
      new GetLogEventsCommand({ ...name, limit: 2, nextToken: second.nextBackwardToken }),
    );
    expect([first, second, back].map(({ events }) => events?.map(({ message }) => message).join(''))).toEqual(
      ['ab', 'cd', 'ab'],
    );
    expect(
      (await client.send(new GetLogEventsCommand({ ...name, limit: 2 }))).events?.map(
        ({ message }) => message,
      ),
    ).toEqual(['d', 'e']);
    const { logStreams } = await client.send(new DescribeLogStreamsCommand({ logGroupName: 'own' }));
    expect(logStreams?.[0]).toMatchObject({
      logStreamName: 's',
      firstEventTimestamp: now,
      lastEventTimestamp: now + 4,
    });
  });

  it('are found by time and by page', async () => {
    const now = write(['1', '2', '3', '4']);
    const page = await client.send(
      new FilterLogEventsCommand({ logGroupName: GROUP, startTime: now + 1, endTime: now + 4, limit: 2 }),
    );
    expect(page.events?.map(({ message }) => message)).toEqual(['2', '3']);
    const rest = await client.send(
      new FilterLogEventsCommand({
        logGroupName: GROUP,
        startTime: now + 1,
        endTime: now + 4,
        limit: 2,
        nextToken: page.nextToken,
      }),
    );
    expect(rest.events?.map(({ message }) => message)).toEqual(['4']);
  });

  it.each([
    ['ERROR', ['ERROR timeout', 'WARN ERROR']],
    ['ERROR -WARN', ['ERROR timeout']],
    ['?timeout ?hello', ['ERROR timeout', 'hello world']],
    ['"hello world"', ['hello world']],
    ['{ $.level = "error" }', ['{"level":"error","code":5,"order":{"id":"o1"}}']],
    ['{ $.level = "err*" && $.code > 4 }', ['{"level":"error","code":5,"order":{"id":"o1"}}']],
    [
      '{ ($.code < 2 || $.order.id = "o1") && $.level != "info" }',
      ['{"level":"error","code":5,"order":{"id":"o1"}}'],
    ],
    ['{ $.order NOT EXISTS }', ['{"level":"info","code":1,"done":true}']],
    ['{ $.done IS TRUE }', ['{"level":"info","code":1,"done":true}']],
    ['{ $.code = 1 }', ['{"level":"info","code":1,"done":true}']],
  ])('match %s', async (pattern, expected) => {
    write([
      'ERROR timeout',
      'WARN ERROR',
      'hello world',
      '{"level":"error","code":5,"order":{"id":"o1"}}',
      '{"level":"info","code":1,"done":true}',
    ]);
    expect(await found(pattern)).toEqual(expected);
  });

  it.each(['{ $.a = }', '{ a = 1 }', '[a, b]', '{ $.a = 1 } x', 'foo:bar'])(
    'refuse the pattern %s',
    async (pattern) => {
      write(['x']);
      await expect(found(pattern)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    },
  );

  it('count into the metric of a filter', async () => {
    write(['quiet']);
    await client.send(
      new PutMetricFilterCommand({
        logGroupName: GROUP,
        filterName: 'errors',
        filterPattern: 'ERROR',
        metricTransformations: [{ metricName: 'Seen', metricNamespace: 'Shop', metricValue: '1' }],
      }),
    );
    const now = write(['ERROR one', 'fine', 'ERROR two']);
    const { MetricDataResults } = await new CloudWatchClient(watched.client).send(
      new GetMetricDataCommand({
        StartTime: new Date(now - 3_600_000),
        EndTime: new Date(now + 3_600_000),
        MetricDataQueries: [
          {
            Id: 'seen',
            MetricStat: { Metric: { Namespace: 'Shop', MetricName: 'Seen' }, Period: 7200, Stat: 'Sum' },
          },
        ],
      }),
    );
    expect(MetricDataResults?.[0]?.Values?.reduce((sum, value) => sum + value, 0)).toBe(2);
  });
});

it('is on disk: another process finds the same lines', async () => {
  const { mkdtempSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const directory = mkdtempSync(`${tmpdir()}/logs-`);
  const before = await startWatchedCloud(directory);
  const createGroup = new CreateLogGroupCommand({ logGroupName: GROUP });
  await new CloudWatchLogsClient(before.client).send(createGroup);
  before.cloud
    .port('logs')
    .write('eu-west-1', GROUP, 's', [{ timestamp: before.clock.now(), message: 'kept' }]);
  await before.close();
  const after = await startWatchedCloud(directory);
  const { events } = await new CloudWatchLogsClient(after.client).send(
    new FilterLogEventsCommand({ logGroupName: GROUP }),
  );
  expect(events?.map(({ message }) => message)).toEqual(['kept']);
  await after.close();
  await removeDirectory(directory);
});
