import { randomBytes, randomUUID } from 'node:crypto';
import type { Cancel } from '../../kernel/clock.js';
import type { LocalCloud } from '../../kernel/cloud.js';
import { md5 } from './message-attributes.js';
import { type Entry, MessageIndex } from './message-index.js';
import { type MessageRecord, messageKey, type ReceiptRecord, type SqsTables } from './records.js';

/** Messages that may be in flight on one standard queue. */
export const IN_FLIGHT_LIMIT = 120_000;

export interface Draft {
  body: string;
  attributes: MessageRecord['attributes'];
  senderId: string;
  delaySeconds: number;
  traceHeader?: string;
  groupId?: string;
}

export interface Received {
  message: MessageRecord;
  receipt: ReceiptRecord;
}

/** The messages of one queue: records in the store, order in memory. */
export class Mailbox {
  private readonly index = new MessageIndex();
  private readonly listeners = new Set<() => void>();
  private releaseTimer: Cancel | undefined;

  constructor(
    private readonly cloud: LocalCloud,
    private readonly tables: SqsTables,
    readonly queueArn: string,
  ) {}

  /** Takes up a stored message again when the cloud starts. */
  restore(message: MessageRecord): void {
    const receipt = this.tables.receipts.get(messageKey(this.queueArn, message.id));
    const visibleAt = receipt?.visibleAt ?? message.visibleAt;
    const waits = receipt ? 'inflight' : 'delayed';
    this.index.add(
      message.id,
      message.sentAt,
      visibleAt,
      visibleAt <= this.cloud.clock.now() ? 'ready' : waits,
    );
  }

  send(draft: Draft): MessageRecord {
    const now = this.cloud.clock.now();
    const { delaySeconds, ...content } = draft;
    const message: MessageRecord = {
      ...content,
      queueArn: this.queueArn,
      id: randomUUID(),
      md5: md5(draft.body),
      sentAt: now,
      visibleAt: now + delaySeconds * 1000,
    };
    this.accept(message);
    return message;
  }

  /** Takes a message in, with what is known of its receives when it comes from another queue. */
  accept(message: MessageRecord, receipt?: ReceiptRecord): void {
    const now = this.cloud.clock.now();
    const key = messageKey(this.queueArn, message.id);
    this.tables.messages.set(key, message);
    if (receipt) this.tables.receipts.set(key, receipt);
    const ready = message.visibleAt <= now;
    this.index.add(message.id, message.sentAt, message.visibleAt, ready ? 'ready' : 'delayed');
    if (ready) this.wake();
    else this.armRelease();
  }

  /**
   * Up to `maximum` messages, invisible to others for `visibilitySeconds`. `deadLetter` is asked first for a message
   * that was received before, and says whether it took it.
   */
  receive(
    maximum: number,
    visibilitySeconds: number,
    deadLetter: (received: Received) => boolean,
  ): Received[] {
    const now = this.cloud.clock.now();
    this.index.release(now);
    const taken: Received[] = [];
    while (taken.length < maximum && this.inFlight < IN_FLIGHT_LIMIT) {
      const entry = this.index.take(now + visibilitySeconds * 1000);
      const message = entry && this.tables.messages.get(messageKey(this.queueArn, entry.id));
      if (!entry || !message) break;
      const before = this.tables.receipts.get(messageKey(this.queueArn, entry.id));
      if (before && deadLetter({ message, receipt: before })) {
        this.remove(entry.id);
        continue;
      }
      taken.push({ message, receipt: this.recordReceive(entry, before, now) });
      // A message received with no visibility timeout is ready for the next receive, not again for this one.
    }
    if (taken.length > 0) this.armRelease();
    return taken;
  }

  /** Deletes with the latest receipt; with a stale one nothing happens, and the caller is not told (as in AWS). */
  deleteWith(id: string, nonce: string): boolean {
    const receipt = this.tables.receipts.get(messageKey(this.queueArn, id));
    if (!this.index.get(id) || receipt?.nonce !== nonce) return false;
    this.remove(id);
    return true;
  }

  /** Changes when an in-flight message becomes visible. 'not-in-flight': it is gone, visible, or another's. */
  changeVisibility(id: string, nonce: string, seconds: number): 'changed' | 'not-in-flight' | 'too-long' {
    const now = this.cloud.clock.now();
    if (this.index.release(now) > 0) this.wake();
    const key = messageKey(this.queueArn, id);
    const entry = this.index.get(id);
    const receipt = this.tables.receipts.get(key);
    if (entry?.state !== 'inflight' || !receipt || receipt.nonce !== nonce) return 'not-in-flight';
    if (now + seconds * 1000 - receipt.lastReceivedAt > 43_200_000) return 'too-long';
    const visibleAt = now + seconds * 1000;
    this.tables.receipts.set(key, { ...receipt, visibleAt });
    this.index.hide(entry, visibleAt);
    if (this.index.release(now) > 0) this.wake();
    this.armRelease();
    return 'changed';
  }

  purge(): void {
    for (const id of this.index.ids()) this.remove(id);
  }

  /** Removes messages older than the retention period; returns how many. */
  expire(retentionSeconds: number): number {
    const limit = this.cloud.clock.now() - retentionSeconds * 1000;
    let expired = 0;
    for (let entry = this.index.oldest(); entry && entry.sentAt <= limit; entry = this.index.oldest()) {
      this.remove(entry.id);
      expired += 1;
    }
    return expired;
  }

  remove(id: string): void {
    const key = messageKey(this.queueArn, id);
    this.tables.messages.delete(key);
    if (this.tables.receipts.has(key)) this.tables.receipts.delete(key);
    this.index.remove(id);
  }

  counts(): { visible: number; inFlight: number; delayed: number } {
    if (this.index.release(this.cloud.clock.now()) > 0) this.wake();
    return {
      visible: this.index.count('ready'),
      inFlight: this.inFlight,
      delayed: this.index.count('delayed'),
    };
  }

  get size(): number {
    return this.index.size;
  }

  get inFlight(): number {
    return this.index.count('inflight');
  }

  /** Age in milliseconds of the oldest message; 0 when there is none. */
  ageOfOldest(): number {
    const oldest = this.index.oldest();
    return oldest ? Math.max(0, this.cloud.clock.now() - oldest.sentAt) : 0;
  }

  onArrival(listener: () => void): () => void {
    this.listeners.add(listener);
    this.armRelease();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.disarm();
    };
  }

  /** Wakes whoever waits, for example because the queue goes. */
  wake(): void {
    for (const listener of [...this.listeners]) listener();
  }

  private recordReceive(entry: Entry, before: ReceiptRecord | undefined, now: number): ReceiptRecord {
    return this.tables.receipts.set(messageKey(this.queueArn, entry.id), {
      receives: (before?.receives ?? 0) + 1,
      firstReceivedAt: before?.firstReceivedAt ?? now,
      lastReceivedAt: now,
      visibleAt: entry.visibleAt,
      nonce: randomBytes(9).toString('base64url'),
    });
  }

  /** Only a waiting receiver needs to know the moment at which a message becomes visible. */
  private armRelease(): void {
    this.disarm();
    const next = this.listeners.size > 0 ? this.index.nextRelease() : undefined;
    if (next === undefined) return;
    this.releaseTimer = this.cloud.clock.at(next, () => {
      this.releaseTimer = undefined;
      if (this.index.release(this.cloud.clock.now()) > 0) this.wake();
      this.armRelease();
    });
  }

  private disarm(): void {
    this.releaseTimer?.();
    this.releaseTimer = undefined;
  }
}
