import type { LocalCloud } from '../../kernel/cloud.js';
import type { Table } from '../../kernel/store.js';
import { evaluate } from './alarm-evaluation.js';
import { alarmMessage, timestamp } from './alarm-message.js';
import { type Metric, type MetricStore, metricKey } from './metric-store.js';
import type { Alarm, AlarmHistory, AlarmState } from './records.js';

/** How often CloudWatch looks at an alarm, and how soon after new data. */
const EVERY_MS = 60_000;
const SOON_MS = 5_000;
const HISTORY_KEPT = 1000;

/** The alarms of every region: their evaluation, state changes, actions and history. */
export class Alarms {
  readonly table: Table<Alarm>;
  private readonly history: Table<AlarmHistory>;
  private ticking = false;
  private readonly due = new Set<string>();
  private written = 0;

  constructor(
    readonly cloud: LocalCloud,
    private readonly store: MetricStore,
  ) {
    this.table = cloud.store.table('monitoring.alarms');
    this.history = cloud.store.table('monitoring.alarmHistory');
  }

  /** Evaluates regularly as long as there are alarms. */
  watch(): void {
    if (this.ticking || this.table.size === 0) return;
    this.ticking = true;
    this.cloud.clock.after(EVERY_MS, () => {
      this.ticking = false;
      for (const alarm of this.table.values()) this.look(alarm);
      this.cloud.store.flush();
      this.watch();
    });
  }

  /** New data came in: the alarms on exactly this metric are looked at soon. */
  dataCame(metric: Metric): void {
    const key = metricKey(metric);
    for (const alarm of this.table.values()) {
      if (metricKey(metricOf(alarm)) !== key || this.due.has(alarm.arn)) continue;
      this.due.add(alarm.arn);
      this.cloud.clock.after(SOON_MS, () => {
        this.due.delete(alarm.arn);
        const current = this.table.get(alarm.arn);
        if (current) this.look(current);
        this.cloud.store.flush();
      });
    }
  }

  /** Sets a state, with history and actions when it differs. */
  turn(alarm: Alarm, state: AlarmState, reason: string, reasonData?: string): void {
    const previous = alarm.state;
    const { stateReasonData: _old, ...rest } = alarm;
    const next: Alarm = {
      ...rest,
      state,
      stateReason: reason,
      ...(reasonData === undefined ? {} : { stateReasonData: reasonData }),
    };
    if (state === previous) {
      this.table.set(alarm.arn, next);
      return;
    }
    next.stateUpdated = this.cloud.clock.now();
    this.table.set(alarm.arn, next);
    this.cloud.tell('monitoring', `alarm ${alarm.name}: ${previous} -> ${state}`);
    this.remember(next, 'StateUpdate', `Alarm updated from ${previous} to ${state}`, {
      version: '1.0',
      oldState: { stateValue: previous, stateReason: alarm.stateReason },
      newState: { stateValue: state, stateReason: reason },
    });
    this.act(next, previous);
  }

  remember(alarm: Alarm, type: AlarmHistory['type'], summary: string, data: object): void {
    const time = this.cloud.clock.now();
    this.history.set(`${alarm.arn}#${time}#${this.written++}`, {
      region: alarm.region,
      alarm: alarm.name,
      time,
      type,
      summary,
      data: JSON.stringify({ ...data, time: timestamp(time) }),
    });
    for (const old of this.history.keys().slice(0, Math.max(0, this.history.size - HISTORY_KEPT)))
      this.history.delete(old);
  }

  /** Newest first. */
  historyOf(region: string): AlarmHistory[] {
    return this.history
      .values()
      .filter((item) => item.region === region)
      .reverse();
  }

  private look(alarm: Alarm): void {
    const verdict = evaluate(this.store, alarm, this.cloud.clock.now());
    if (!verdict || verdict.state === alarm.state) return;
    const data = JSON.stringify({
      version: '1.0',
      queryDate: timestamp(this.cloud.clock.now()),
      statistic: alarm.statistic,
      period: alarm.period,
      recentDatapoints: verdict.datapoints.map(({ value }) => value),
      threshold: alarm.threshold,
    });
    this.turn(alarm, verdict.state, verdict.reason, data);
  }

  private act(alarm: Alarm, previous: AlarmState): void {
    if (!alarm.actionsEnabled) return;
    const actions = {
      OK: alarm.okActions,
      ALARM: alarm.alarmActions,
      INSUFFICIENT_DATA: alarm.insufficientDataActions,
    }[alarm.state];
    const { subject, message } = alarmMessage(alarm, previous);
    for (const topicArn of actions) {
      try {
        this.cloud.port('sns').publish({
          topicArn,
          subject,
          message,
          principal: { kind: 'service', service: 'cloudwatch.amazonaws.com' },
          sourceArn: alarm.arn,
        });
        this.remember(alarm, 'Action', `Successfully executed action ${topicArn}`, {
          actionState: 'Succeeded',
          notificationResource: topicArn,
        });
      } catch (error) {
        // Nobody is told but the history.
        this.remember(
          alarm,
          'Action',
          `Failed to execute action ${topicArn}. Received error: "${(error as Error).message}"`,
          { actionState: 'Failed', notificationResource: topicArn },
        );
      }
    }
  }
}

function metricOf(alarm: Alarm): Metric {
  return {
    region: alarm.region,
    namespace: alarm.namespace,
    name: alarm.metricName,
    dimensions: alarm.dimensions,
  };
}
