import type { Call, Operation } from '../../kernel/service.js';
import { invalidCombination, invalidValue, validationError } from './errors.js';
import { expressionSeries } from './expression.js';
import type { Metric, MetricStore } from './metric-store.js';
import { page } from './page.js';
import type { Bucket, Dimensions } from './records.js';
import { byPeriod, statisticOf, valueOfBucket } from './statistics.js';

export interface DimensionInput {
  Name: string;
  Value?: string;
}

interface Datum {
  MetricName: string;
  Dimensions?: DimensionInput[];
  Timestamp?: number;
  Value?: number;
  Values?: number[];
  Counts?: number[];
  StatisticValues?: { Sum: number; SampleCount: number; Minimum: number; Maximum: number };
  Unit?: string;
}

interface DataQuery {
  Id: string;
  Label?: string;
  ReturnData?: boolean;
  Expression?: string;
  MetricStat?: {
    Metric: { Namespace: string; MetricName: string; Dimensions?: DimensionInput[] };
    Period: number;
    Stat: string;
  };
}

interface MetricInput {
  Namespace: string;
  MetricName: string;
  MetricData: Datum[];
  Dimensions?: DimensionInput[];
  StartTime: number;
  EndTime: number;
  Period: number;
  Statistics?: string[];
  ExtendedStatistics?: string[];
  MetricDataQueries: DataQuery[];
  ScanBy?: string;
  RecentlyActive?: string;
  NextToken?: string;
}

export function dimensionsOf(list: DimensionInput[] | undefined): Dimensions {
  return Object.fromEntries((list ?? []).map(({ Name, Value }) => [Name, Value ?? '']));
}

export function dimensionList(dimensions: Dimensions): DimensionInput[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}

type Put = (metric: Metric, bucket: Bucket, unit: string, time: number) => void;

/** Metrics: putting data, listing, and reading statistics. */
export function metricOperations(store: MetricStore, put: Put): Record<string, Operation> {
  return {
    PutMetricData: {
      handle: (input: MetricInput, call) => {
        if (input.Namespace.startsWith('AWS/'))
          throw invalidValue('The value AWS/ for parameter Namespace is invalid.');
        for (const datum of input.MetricData) putDatum(put, input.Namespace, datum, call);
        return {};
      },
    },
    ListMetrics: { handle: (input: MetricInput, call) => listMetrics(store, input, call) },
    GetMetricStatistics: { handle: (input: MetricInput, call) => getMetricStatistics(store, input, call) },
    GetMetricData: { handle: (input: MetricInput, call) => getMetricData(store, input, call) },
  };
}

function putDatum(put: Put, namespace: string, datum: Datum, call: Call): void {
  const metric = {
    region: call.region,
    namespace,
    name: datum.MetricName,
    dimensions: dimensionsOf(datum.Dimensions),
  };
  const time = datum.Timestamp === undefined ? call.cloud.clock.now() : datum.Timestamp * 1000;
  const { StatisticValues: set, Values: values, Counts: counts, Value: value } = datum;
  const unit = datum.Unit ?? 'None';
  if (set) put(metric, [set.Sum, set.SampleCount, set.Minimum, set.Maximum], unit, time);
  else if (values)
    for (const [index, one] of values.entries())
      put(metric, [one * (counts?.[index] ?? 1), counts?.[index] ?? 1, one, one], unit, time);
  else if (value === undefined)
    throw validationError('The parameter MetricData.member.1 must have a Value, Values or StatisticValues.');
  else put(metric, [value, 1, value, value], unit, time);
}

/** A dimension filter matches metrics that have it among others; without a value, with any. */
function listMetrics(store: MetricStore, input: Partial<MetricInput>, call: Call): object {
  const recent = input.RecentlyActive === 'PT3H' ? call.cloud.clock.now() - 3 * 3_600_000 : 0;
  const found = store
    .list(call.region)
    .filter(
      ({ namespace, name }) =>
        (input.Namespace ?? namespace) === namespace && (input.MetricName ?? name) === name,
    )
    .filter(
      ({ dimensions, last }) =>
        last >= recent &&
        (input.Dimensions ?? []).every(
          ({ Name, Value }) =>
            Object.hasOwn(dimensions, Name) && (Value === undefined || dimensions[Name] === Value),
        ),
    );
  const { items, next } = page(found, input.NextToken, 500);
  return {
    Metrics: items.map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: dimensionList(dimensions),
    })),
    NextToken: next,
  };
}

function getMetricStatistics(store: MetricStore, input: MetricInput, call: Call): object {
  if ((input.ExtendedStatistics ?? []).length > 0) statisticOf(input.ExtendedStatistics?.[0] as string);
  const statistics = (input.Statistics ?? []).map(statisticOf);
  if (statistics.length === 0)
    throw invalidCombination(
      'At least one of the parameters Statistics and ExtendedStatistics must be specified.',
    );
  checkRange(input);
  checkPeriod(input.Period);
  const metric = {
    region: call.region,
    namespace: input.Namespace,
    name: input.MetricName,
    dimensions: dimensionsOf(input.Dimensions),
  };
  const points = byPeriod(store, metric, input.StartTime * 1000, input.EndTime * 1000, input.Period);
  if (points.length > 1440)
    throw invalidCombination(
      `You have requested up to ${points.length} datapoints, which exceeds the limit of 1,440.`,
    );
  const unit = store.unit(metric, input.EndTime * 1000) ?? 'None';
  return {
    Label: input.MetricName,
    Datapoints: points.map(({ time, bucket }) => ({
      Timestamp: new Date(time),
      ...Object.fromEntries(statistics.map((statistic) => [statistic, valueOfBucket(bucket, statistic)])),
      Unit: unit,
    })),
  };
}

function getMetricData(store: MetricStore, input: MetricInput, call: Call): object {
  checkRange(input);
  const queries = input.MetricDataQueries ?? [];
  if (new Set(queries.map(({ Id }) => Id)).size < queries.length)
    throw validationError('The values for parameter id in MetricDataQueries must be unique.');
  const results = new Map<string, Map<number, number>>();
  for (const query of queries)
    if (query.MetricStat) results.set(query.Id, statSeries(store, query.MetricStat, input, call));
  for (const query of queries)
    if (query.Expression !== undefined) results.set(query.Id, expressionSeries(query.Expression, results));
  const ascending = input.ScanBy === 'TimestampAscending';
  const shown = queries.filter(({ ReturnData }) => ReturnData !== false);
  return {
    MetricDataResults: shown.map(({ Id, Label, MetricStat }) => {
      const points = [...(results.get(Id) ?? [])].sort(([one], [other]) =>
        ascending ? one - other : other - one,
      );
      return {
        Id,
        Label: Label ?? MetricStat?.Metric.MetricName ?? Id,
        Timestamps: points.map(([time]) => new Date(time)),
        Values: points.map(([, value]) => value),
        StatusCode: 'Complete',
      };
    }),
    Messages: [],
  };
}

function statSeries(
  store: MetricStore,
  stat: NonNullable<DataQuery['MetricStat']>,
  input: MetricInput,
  call: Call,
): Map<number, number> {
  const { Metric: of, Period, Stat } = stat;
  checkPeriod(Period);
  const statistic = statisticOf(Stat);
  const metric = {
    region: call.region,
    namespace: of.Namespace,
    name: of.MetricName,
    dimensions: dimensionsOf(of.Dimensions),
  };
  const points = byPeriod(store, metric, input.StartTime * 1000, input.EndTime * 1000, Period);
  return new Map(points.map(({ time, bucket }) => [time, valueOfBucket(bucket, statistic)]));
}

function checkRange({ StartTime, EndTime }: MetricInput): void {
  if (!(StartTime < EndTime))
    throw invalidValue('The parameter StartTime must be less than the parameter EndTime.');
}

function checkPeriod(period: number): void {
  if (!(period >= 60 && period % 60 === 0))
    throw invalidValue(`The local cloud keeps minutes: Period must be a multiple of 60, not ${period}.`);
}
