import type { Cancel } from '../../kernel/clock.js';
import type { Queues } from './queues.js';

type Count =
  | 'NumberOfMessagesSent'
  | 'NumberOfMessagesReceived'
  | 'NumberOfMessagesDeleted'
  | 'NumberOfEmptyReceives';

/** Changes are put together for a second; a queue that holds messages is measured once a minute. */
const SOON = 1000;
const MINUTE = 60_000;

/** Emits the AWS/SQS metrics of each queue, dimension QueueName. Counts add up between emissions. */
export class QueueMetrics {
  private readonly counts = new Map<string, Map<Count, number>>();
  private readonly timers = new Map<string, { due: number; cancel: Cancel }>();

  constructor(private readonly queues: Queues) {}

  count(queueArn: string, name: Count, by: number): void {
    const counts = this.counts.get(queueArn) ?? new Map<Count, number>();
    counts.set(name, (counts.get(name) ?? 0) + by);
    this.counts.set(queueArn, counts);
    // Who polls an empty queue changes nothing that an alarm waits for.
    this.arm(queueArn, name === 'NumberOfEmptyReceives' ? MINUTE : SOON);
  }

  /** The queue changed: it is measured soon. */
  touch(queueArn: string): void {
    this.arm(queueArn, SOON);
  }

  /** Measures every queue of the region now. */
  sample(region: string): void {
    for (const queue of this.queues.all(region)) this.emit(queue.arn);
  }

  /** Takes measuring up again after a start. */
  start(): void {
    for (const queue of this.queues.tables.queues.values())
      if (this.queues.mailbox(queue.arn).size > 0) this.arm(queue.arn, SOON);
  }

  private arm(queueArn: string, wait: number): void {
    const { clock } = this.queues.cloud;
    const due = clock.now() + wait;
    const armed = this.timers.get(queueArn);
    if (armed && armed.due <= due) return;
    armed?.cancel();
    const cancel = clock.after(wait, () => {
      this.timers.delete(queueArn);
      this.emit(queueArn);
      this.queues.cloud.store.flush();
    });
    this.timers.set(queueArn, { due, cancel });
  }

  private emit(queueArn: string): void {
    const queue = this.queues.tables.queues.get(queueArn);
    const counts = this.counts.get(queueArn);
    this.counts.delete(queueArn);
    if (!queue) return;
    const metrics = this.queues.cloud.port('metrics');
    const put = (name: string, value: number, unit = 'Count') =>
      metrics.put(queue.region, 'AWS/SQS', name, value, { QueueName: queue.name }, unit);
    for (const [name, value] of counts ?? []) put(name, value);
    const mailbox = this.queues.open(queue);
    const { visible, inFlight, delayed } = mailbox.counts();
    put('ApproximateNumberOfMessagesVisible', visible);
    put('ApproximateNumberOfMessagesNotVisible', inFlight);
    put('ApproximateNumberOfMessagesDelayed', delayed);
    put('ApproximateAgeOfOldestMessage', Math.floor(mailbox.ageOfOldest() / 1000), 'Seconds');
    if (mailbox.size > 0) this.arm(queueArn, MINUTE);
  }
}
