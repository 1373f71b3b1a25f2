import { randomUUID } from 'node:crypto';
import type { Cancel } from '../../../kernel/clock.js';
import type { LocalCloud } from '../../../kernel/cloud.js';
import type { ReceivedMessage } from '../../../kernel/ports.js';
import { AwsError } from '../../../kernel/service.js';
import type { FunctionRecord } from '../function-record.js';
import type { Invoker } from '../invoker.js';
import { roleAllows } from '../role.js';
import { PROCESSES_PER_FUNCTION } from '../runtime/pool.js';
import type { LambdaState } from '../state.js';
import type { MappingRecord } from './mapping-record.js';
import { visibilityTimeout } from './queue-attributes.js';
import { failedItems, sqsEvent } from './sqs-event.js';

/** SQS gives at most this many messages at once. */
const RECEIVE_MOST = 10;
/** Looks again after this long (simulated milliseconds) even if nobody said that a message arrived. */
const LOOK_AGAIN = 20_000;
const PERMISSION_RETRY = 60_000;
const THROTTLE_RETRY = 1000;

/** Reads one queue for one function while its mapping is enabled. */
export class Poller {
  private working = 0;
  private stopped = false;
  private filling = false;
  private wakeLater: Cancel | undefined;
  private readonly unsubscribe: () => void;
  /** Not before this: the function is throttled, or its role may not read. */
  private paused = false;

  constructor(
    private readonly state: LambdaState,
    private readonly invoker: Invoker,
    private readonly mapping: () => MappingRecord | undefined,
    private readonly queueArn: string,
    private readonly note: (result: string) => void,
  ) {
    this.unsubscribe = state.cloud.port('sqs').onArrival(queueArn, () => this.wake());
    this.wake();
  }

  stop(): void {
    this.stopped = true;
    this.wakeLater?.();
    this.unsubscribe();
  }

  wake(): void {
    const mapping = this.mapping();
    const most = Math.min(mapping?.maximumConcurrency ?? PROCESSES_PER_FUNCTION, PROCESSES_PER_FUNCTION);
    if (this.stopped || this.paused || this.filling || !mapping || this.working >= most) return;
    this.filling = true;
    void this.work(mapping);
  }

  /** One batch from receipt to deletion. The next is sought as soon as this one has its messages. */
  private async work(mapping: MappingRecord): Promise<void> {
    this.working += 1;
    try {
      const record = this.state.functions.get(mapping.functionArn);
      if (!record || record.state === 'Pending') return this.pause(THROTTLE_RETRY);
      if (!this.mayRead(record)) return this.pause(PERMISSION_RETRY);
      const visibility = await visibilityTimeout(this.cloud, this.queueArn);
      const batch = await this.gather(mapping, visibility);
      this.filling = false;
      if (batch.length === 0) return this.lookAgain(LOOK_AGAIN);
      this.wake();
      await this.process(mapping, batch);
      this.cloud.store.flush();
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.note(`PROBLEM: ${error.message}`);
      this.pause(PERMISSION_RETRY);
    } finally {
      this.working -= 1;
      this.filling = false;
      if (!this.paused && !this.wakeLater) this.wake();
    }
  }

  /** Waits for a fuller batch only as long as the batching window says. */
  private async gather(mapping: MappingRecord, visibility: number): Promise<ReceivedMessage[]> {
    const batch: ReceivedMessage[] = [];
    const take = () => {
      while (batch.length < mapping.batchSize) {
        const wanted = Math.min(RECEIVE_MOST, mapping.batchSize - batch.length);
        const received = this.cloud.port('sqs').receive(this.queueArn, wanted, visibility);
        batch.push(...received);
        if (received.length < wanted) break;
      }
    };
    take();
    if (batch.length > 0 && batch.length < mapping.batchSize && mapping.batchingWindow > 0) {
      await this.cloud.clock.sleep(mapping.batchingWindow * 1000);
      take();
    }
    return batch;
  }

  private async process(mapping: MappingRecord, batch: ReceivedMessage[]): Promise<void> {
    const record = this.state.functions.get(mapping.functionArn);
    if (!record) return;
    if (this.invoker.throttle(record)) {
      // The messages come back when their visibility ends, with one more receipt on their count.
      this.invoker.countThrottle(record);
      this.note('PROBLEM: Function call throttled');
      this.pause(THROTTLE_RETRY);
      return;
    }
    const payload = JSON.stringify(sqsEvent(batch, this.queueArn));
    const result = await this.invoker.run(record, payload, randomUUID());
    if (result.status !== 'success') {
      this.note('PROBLEM: Function call failed');
      return;
    }
    const failed = mapping.reportBatchItemFailures ? failedItems(result.payload, batch) : new Set<string>();
    const done = failed === 'all' ? [] : batch.filter(({ messageId }) => !failed.has(messageId));
    for (const { receiptHandle } of done) this.cloud.port('sqs').delete(this.queueArn, receiptHandle);
    this.note(done.length === batch.length ? 'OK' : 'PROBLEM: Function reported failed items');
  }

  private mayRead(record: FunctionRecord): boolean {
    const missing = SQS_ACTIONS.find((action) => !roleAllows(this.cloud, record, action, this.queueArn));
    if (missing === undefined) return true;
    this.note(`PROBLEM: The function's execution role may not ${missing} on ${this.queueArn}.`);
    return false;
  }

  private pause(milliseconds: number): void {
    this.paused = true;
    this.lookAgain(milliseconds);
  }

  private lookAgain(milliseconds: number): void {
    if (this.wakeLater || this.stopped) return;
    this.wakeLater = this.cloud.clock.after(milliseconds, () => {
      this.wakeLater = undefined;
      this.paused = false;
      this.wake();
    });
  }

  private get cloud(): LocalCloud {
    return this.state.cloud;
  }
}

/** What a role needs on the queue. */
export const SQS_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'] as const;
