import { randomUUID } from 'node:crypto';
import type { LocalCloud } from '../../../kernel/cloud.js';
import { idOf } from '../event-id.js';
import { countRule, measureLatency } from '../metrics.js';
import type { DeliveryRecord, EventEnvelope, EventsTables, RuleRecord, Target } from '../records.js';
import { sendToDeadLetterQueue } from './dead-letter.js';
import { type Failure, failureOf } from './failure.js';
import { backoff, exhausted } from './retry.js';
import type { Senders } from './senders.js';

/** From ingestion to the first attempt. */
const START_LATENCY = 200;
/** With reordering on, an attempt starts up to this much later. */
const REORDER_WITHIN = 10_000;

/** Carries events to targets: durably, at least once, with retries and dead-letter queues. */
export class Deliveries {
  constructor(
    private readonly cloud: LocalCloud,
    private readonly tables: EventsTables,
    private readonly senders: Senders,
  ) {}

  /** Takes pending deliveries up again. */
  start(): void {
    for (const delivery of this.tables.deliveries.values()) this.schedule(delivery);
  }

  add(rule: RuleRecord, target: Target, event: EventEnvelope, hops: number): void {
    const { duplicateRate, reorder } = this.tables.unkindness.get('unkindness') ?? {
      duplicateRate: 0,
      reorder: false,
    };
    const copies = Math.random() < duplicateRate ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const now = this.cloud.clock.now();
      const late = reorder ? Math.floor(Math.random() * REORDER_WITHIN) : 0;
      const delivery: DeliveryRecord = {
        id: randomUUID(),
        region: rule.region,
        bus: rule.bus,
        rule: rule.name,
        ruleArn: rule.arn,
        target,
        event,
        ingestedAt: now,
        attempts: 0,
        waited: 0,
        dueAt: now + START_LATENCY + late,
        hops,
      };
      this.tables.deliveries.set(delivery.id, delivery);
      this.schedule(delivery);
    }
  }

  private schedule(delivery: DeliveryRecord): void {
    this.cloud.clock.after(
      Math.max(0, delivery.dueAt - this.cloud.clock.now()),
      () => void this.attempt(delivery.id),
    );
  }

  private async attempt(id: string): Promise<void> {
    const delivery = this.tables.deliveries.get(id);
    if (!delivery) return;
    countRule(this.cloud, delivery, 'InvocationAttempts');
    if (delivery.attempts === 0)
      measureLatency(this.cloud, delivery, this.cloud.clock.now() - delivery.ingestedAt);
    try {
      await this.senders.send(delivery);
      this.delivered(delivery);
    } catch (error) {
      this.failed({ ...delivery, attempts: delivery.attempts + 1 }, failureOf(error));
    }
    this.cloud.store.flush();
  }

  private delivered(delivery: DeliveryRecord): void {
    this.tables.deliveries.delete(delivery.id);
    countRule(this.cloud, delivery, 'SuccessfulInvocationAttempts');
    countRule(this.cloud, delivery, 'Invocations');
    this.cloud.tell('events', `${idOf(delivery.event.detail)} delivered to ${delivery.target.Arn}`);
  }

  private failed(delivery: DeliveryRecord, failure: Failure): void {
    const retries = delivery.attempts - 1;
    const wait = backoff(retries);
    const condition = failure.retryable
      ? exhausted(delivery, retries, wait, this.cloud.clock.now())
      : undefined;
    if (!failure.retryable || condition !== undefined) {
      this.giveUp(delivery, failure, retries, condition);
      return;
    }
    const next = { ...delivery, waited: delivery.waited + wait, dueAt: this.cloud.clock.now() + wait };
    this.tables.deliveries.set(delivery.id, next);
    countRule(this.cloud, delivery, 'RetryInvocationAttempts');
    this.cloud.tell(
      'events',
      `${idOf(delivery.event.detail)} to ${delivery.target.Arn} failed (${failure.code}), retry ${retries + 1} follows`,
    );
    this.schedule(next);
  }

  private giveUp(
    delivery: DeliveryRecord,
    failure: Failure,
    retries: number,
    condition: string | undefined,
  ): void {
    this.tables.deliveries.delete(delivery.id);
    countRule(this.cloud, delivery, 'Invocations');
    countRule(this.cloud, delivery, 'FailedInvocations');
    const outcome = sendToDeadLetterQueue(this.cloud, delivery, failure, retries, condition);
    if (outcome === 'sent') countRule(this.cloud, delivery, 'InvocationsSentToDlq');
    if (outcome === 'refused') countRule(this.cloud, delivery, 'InvocationsFailedToBeSentToDlq');
    const fate = {
      sent: 'sent to its dead-letter queue',
      refused: 'LOST: the dead-letter queue refused it',
      none: 'LOST: the target has no dead-letter queue',
    };
    this.cloud.tell(
      'events',
      `${idOf(delivery.event.detail)} to ${delivery.target.Arn} failed (${failure.code}) and was ${fate[outcome]}`,
    );
  }
}
