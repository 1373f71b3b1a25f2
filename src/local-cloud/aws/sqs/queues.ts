import { ACCOUNT, type LocalCloud } from '../../kernel/cloud.js';
import { AwsError } from '../../kernel/service.js';
import { allowsRedriveFrom, redrivePolicy } from './attributes.js';
import { invalidAddress, missingParameter, queueDoesNotExist } from './errors.js';
import { Mailbox, type Received } from './mailbox.js';
import { QueueMetrics } from './metrics.js';
import { type QueueRecord, type SqsTables, sqsTables } from './records.js';

export const queueArn = (region: string, name: string) => `arn:aws:sqs:${region}:${ACCOUNT}:${name}`;

/** All queues of the cloud and their mailboxes. */
export class Queues {
  readonly tables: SqsTables;
  readonly metrics: QueueMetrics;
  private readonly mailboxes = new Map<string, Mailbox>();

  constructor(readonly cloud: LocalCloud) {
    this.tables = sqsTables(cloud);
    this.metrics = new QueueMetrics(this);
    for (const message of this.tables.messages.values()) this.mailbox(message.queueArn).restore(message);
  }

  all(region: string): QueueRecord[] {
    return this.tables.queues.values().filter((queue) => queue.region === region);
  }

  byArn(arn: string): QueueRecord {
    const queue = this.tables.queues.get(arn);
    if (!queue) throw queueDoesNotExist();
    return queue;
  }

  /** Finds the queue that a QueueUrl names, whatever its host: what counts is `/account/name`. */
  byUrl(url: unknown, region: string): QueueRecord {
    if (typeof url !== 'string' || url === '') throw missingParameter('QueueUrl');
    const [account, name] = new URL(url, 'http://bare').pathname.split('/').slice(-2);
    if (!name || !/^\d{12}$/.test(account ?? '')) throw invalidAddress(url);
    if (account !== ACCOUNT) throw queueDoesNotExist();
    return this.byArn(queueArn(region, decodeURIComponent(name)));
  }

  url(queue: { name: string }): string {
    return `${this.cloud.addresses.aws}/${ACCOUNT}/${queue.name}`;
  }

  /** The queue's mailbox, with what outlived its retention already removed. */
  open(queue: QueueRecord): Mailbox {
    const mailbox = this.mailbox(queue.arn);
    if (mailbox.expire(Number(queue.attributes.MessageRetentionPeriod)) > 0) this.metrics.touch(queue.arn);
    return mailbox;
  }

  receive(queue: QueueRecord, maximum: number, visibilitySeconds: number): Received[] {
    const received = this.open(queue).receive(maximum, visibilitySeconds, (one) =>
      this.deadLetter(queue, one),
    );
    if (received.length > 0) this.metrics.count(queue.arn, 'NumberOfMessagesReceived', received.length);
    else this.metrics.count(queue.arn, 'NumberOfEmptyReceives', 1);
    return received;
  }

  remove(queue: QueueRecord): void {
    const mailbox = this.mailbox(queue.arn);
    mailbox.purge();
    this.tables.queues.delete(queue.arn);
    // The empty mailbox stays: who listens on it hears the next queue of that name, too.
    mailbox.wake();
  }

  /** Queues whose RedrivePolicy names `arn`. */
  sourcesOf(arn: string): QueueRecord[] {
    return this.tables.queues
      .values()
      .filter((queue) => redrivePolicy(queue.attributes)?.deadLetterTargetArn === arn);
  }

  /** The queue exists when a RedrivePolicy is set, is of this region, and takes messages from the source. */
  checkRedriveTarget(attributes: Record<string, string>, sourceArn: string): void {
    const target = redrivePolicy(attributes)?.deadLetterTargetArn;
    if (target === undefined) return;
    const found = this.tables.queues.get(target);
    const because = (reason: string) =>
      new AwsError(
        'InvalidParameterValueException',
        `Value ${attributes.RedrivePolicy} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
        400,
        {
          queryCode: 'InvalidParameterValue',
        },
      );
    if (target === sourceArn) throw because('Dead letter queue cannot be the same as the source queue.');
    if (!found) throw because('Dead letter target does not exist.');
    if (found.region !== sourceArn.split(':')[3])
      throw because('Dead letter target owner should be same as the source.');
  }

  mailbox(arn: string): Mailbox {
    let mailbox = this.mailboxes.get(arn);
    if (!mailbox) {
      mailbox = new Mailbox(this.cloud, this.tables, arn);
      this.mailboxes.set(arn, mailbox);
    }
    return mailbox;
  }

  /** Moves a message that was received too often. A target that is gone or refuses leaves it where it is. */
  private deadLetter(queue: QueueRecord, { message, receipt }: Received): boolean {
    const policy = redrivePolicy(queue.attributes);
    if (!policy || receipt.receives < policy.maxReceiveCount) return false;
    const target = this.tables.queues.get(policy.deadLetterTargetArn);
    if (!target || !allowsRedriveFrom(target.attributes, queue.arn)) return false;
    const now = this.cloud.clock.now();
    // The age counts on from the first send, and so does the receive count (recorded AWS behaviour).
    const moved = { ...message, queueArn: target.arn, visibleAt: now, deadLetterSource: queue.arn };
    this.open(target).accept(moved, { ...receipt, visibleAt: now, nonce: '' });
    this.metrics.touch(target.arn);
    this.cloud.tell('sqs', `${message.id} moved from ${queue.name} to dead-letter queue ${target.name}`);
    return true;
  }
}
