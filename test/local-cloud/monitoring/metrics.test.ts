import {
  CloudWatchClient,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWatchedCloud, type WatchedCloud } from '../watched-cloud.js';

let watched: WatchedCloud;
let client: CloudWatchClient;
beforeEach(async () => {
  watched = await startWatchedCloud();
  client = new CloudWatchClient(watched.client);
});
afterEach(() => watched.close());

const start = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000);
const at = (minutes: number) => new Date(start.getTime() + minutes * 60_000);
const put = (minutes: number, Value: number, shop = 'a') =>
  client.send(
    new PutMetricDataCommand({
      Namespace: 'Shop',
      MetricData: [
        {
          MetricName: 'Orders',
          Dimensions: [{ Name: 'Shop', Value: shop }],
          Timestamp: at(minutes),
          Value,
          Unit: 'Count',
        },
      ],
    }),
  );
const stat = (Id: string, Stat: string, Period = 300, shop = 'a') => ({
  Id,
  MetricStat: {
    Metric: { Namespace: 'Shop', MetricName: 'Orders', Dimensions: [{ Name: 'Shop', Value: shop }] },
    Period,
    Stat,
  },
});

describe('metrics', () => {
  it('are summed up by period and by exactly their dimensions', async () => {
    for (const [minutes, value] of [
      [0, 1],
      [0, 3],
      [4, 5],
      [7, 2],
    ] as const)
      await put(minutes, value);
    await put(0, 100, 'b');
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({
        StartTime: start,
        EndTime: at(60),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: [
          stat('sum', 'Sum'),
          stat('most', 'Maximum'),
          { Id: 'twice', Expression: 'sum * 2 + (most - 1)' },
          stat('none', 'Sum', 60, 'c'),
        ],
      }),
    );
    const byId = Object.fromEntries((MetricDataResults ?? []).map((one) => [one.Id, one]));
    expect(byId.sum).toMatchObject({ Timestamps: [at(0), at(5)], Values: [9, 2] });
    expect(byId.most?.Values).toEqual([5, 2]);
    expect(byId.twice?.Values).toEqual([22, 5]);
    expect(byId.none?.Values).toEqual([]);
    const { Datapoints } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: 'Shop',
        MetricName: 'Orders',
        Dimensions: [{ Name: 'Shop', Value: 'a' }],
        StartTime: start,
        EndTime: at(60),
        Period: 3600,
        Statistics: ['Average', 'Minimum', 'SampleCount'],
      }),
    );
    expect(Datapoints).toEqual([
      { Timestamp: at(0), Average: 2.75, Minimum: 1, SampleCount: 4, Unit: 'Count' },
    ]);
  });

  it('are listed with their dimensions', async () => {
    await put(0, 1);
    await put(0, 1, 'b');
    const { Metrics } = await client.send(
      new ListMetricsCommand({ Namespace: 'Shop', Dimensions: [{ Name: 'Shop', Value: 'b' }] }),
    );
    expect(Metrics).toEqual([
      { Namespace: 'Shop', MetricName: 'Orders', Dimensions: [{ Name: 'Shop', Value: 'b' }] },
    ]);
  });

  it('refuse AWS namespaces, unknown statistics and backward ranges', async () => {
    await expect(
      client.send(
        new PutMetricDataCommand({ Namespace: 'AWS/Lambda', MetricData: [{ MetricName: 'x', Value: 1 }] }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    await expect(
      client.send(
        new GetMetricDataCommand({ StartTime: at(5), EndTime: at(0), MetricDataQueries: [stat('a', 'Sum')] }),
      ),
    ).rejects.toThrow('StartTime');
    await expect(
      client.send(
        new GetMetricDataCommand({ StartTime: at(0), EndTime: at(5), MetricDataQueries: [stat('a', 'p99')] }),
      ),
    ).rejects.toThrow('does not support the statistic p99');
  });
});
