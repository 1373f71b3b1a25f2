import { randomUUID } from 'node:crypto';
import type { Queues } from './queues.js';
import type { MessageRecord, MoveTaskRecord } from './records.js';

/** Without a rate AWS moves at its own pace; this many a second stands for it. */
const UNLIMITED_PER_SECOND = 500;

/** Moves dead-lettered messages back to where they came from, or to another queue, over time. */
export class MoveTasks {
  constructor(private readonly queues: Queues) {}

  /** Continues what was running when the cloud stopped. */
  start(): void {
    for (const task of this.queues.tables.moveTasks.values())
      if (task.status === 'RUNNING' || task.status === 'CANCELLING') this.schedule(task.id);
  }

  begin(task: Omit<MoveTaskRecord, 'id' | 'handle' | 'status' | 'moved' | 'startedAt'>): MoveTaskRecord {
    const id = randomUUID();
    const handle = Buffer.from(JSON.stringify({ taskId: id, sourceArn: task.sourceArn })).toString('base64');
    const record: MoveTaskRecord = {
      ...task,
      id,
      handle,
      status: 'RUNNING',
      moved: 0,
      startedAt: this.queues.cloud.clock.now(),
    };
    this.queues.tables.moveTasks.set(id, record);
    this.schedule(id);
    return record;
  }

  running(sourceArn: string): MoveTaskRecord | undefined {
    return this.of(sourceArn).find(({ status }) => status === 'RUNNING');
  }

  /** Newest first. */
  of(sourceArn: string): MoveTaskRecord[] {
    return this.queues.tables.moveTasks
      .values()
      .filter((task) => task.sourceArn === sourceArn)
      .reverse();
  }

  cancel(task: MoveTaskRecord): void {
    this.queues.tables.moveTasks.set(task.id, { ...task, status: 'CANCELLING' });
  }

  private schedule(id: string): void {
    this.queues.cloud.clock.after(1000, () => {
      this.step(id);
      this.queues.cloud.store.flush();
    });
  }

  private step(id: string): void {
    const { moveTasks: table, queues: queueTable } = this.queues.tables;
    const task = table.get(id);
    if (!task) return;
    const end = (change: Partial<MoveTaskRecord>) => table.set(id, { ...task, ...change });
    if (task.status === 'CANCELLING') return void end({ status: 'CANCELLED' });
    const source = queueTable.get(task.sourceArn);
    if (!source)
      return void end({ status: 'FAILED', failureReason: 'AWS.SimpleQueueService.NonExistentQueue' });
    const limit = task.perSecond ?? UNLIMITED_PER_SECOND;
    let moved = 0;
    while (moved < limit) {
      const outcome = this.moveOne(task);
      if (outcome === 'nothing-left') return void end({ status: 'COMPLETED', moved: task.moved + moved });
      if (outcome === 'no-destination')
        return void end({
          status: 'FAILED',
          moved: task.moved + moved,
          failureReason: 'AWS.SimpleQueueService.NonExistentQueue',
        });
      moved += 1;
    }
    end({ moved: task.moved + moved });
    this.schedule(id);
  }

  private moveOne(task: MoveTaskRecord): 'moved' | 'nothing-left' | 'no-destination' {
    const { queues } = this;
    const mailbox = queues.open(queues.byArn(task.sourceArn));
    const [next] = mailbox.receive(1, 30, () => false);
    if (!next) return 'nothing-left';
    const destination = task.destinationArn ?? next.message.deadLetterSource;
    const target = destination === undefined ? undefined : queues.tables.queues.get(destination);
    if (!target) {
      mailbox.changeVisibility(next.message.id, next.receipt.nonce, 0);
      return 'no-destination';
    }
    queues.open(target).accept(this.asNew(next.message, target.arn));
    mailbox.remove(next.message.id);
    queues.metrics.touch(task.sourceArn);
    queues.metrics.touch(target.arn);
    return 'moved';
  }

  /** A moved message is a new one: its id and its age begin again. */
  private asNew(message: MessageRecord, queueArn: string): MessageRecord {
    const now = this.queues.cloud.clock.now();
    const { deadLetterSource: _, ...content } = message;
    return { ...content, queueArn, id: randomUUID(), sentAt: now, visibleAt: now };
  }
}
