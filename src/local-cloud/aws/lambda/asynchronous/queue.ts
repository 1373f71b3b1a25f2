import type { LocalCloud } from '../../../kernel/cloud.js';
import type { Table } from '../../../kernel/store.js';
import type { EventInvokeConfigRecord, FunctionRecord } from '../function-record.js';
import type { Invoker } from '../invoker.js';
import { count } from '../metrics.js';
import type { Runner } from '../runtime/runner.js';
import type { LambdaState } from '../state.js';
import { DueList } from './due-list.js';
import { Ending } from './ending.js';
import type { AsyncEventRecord } from './event-record.js';

const DEFAULT_RETRIES = 2;
/** Seconds: six hours. */
const DEFAULT_MAXIMUM_AGE = 21_600;
/** Milliseconds before the first and the second retry. */
const RETRY_DELAYS = [60_000, 120_000];
/** Throttled events try again after a second, then ever less often, up to five minutes. */
const THROTTLE_BACKOFF = { first: 1000, most: 300_000 };

/** One function's events that are due, oldest first, and how it stands with concurrency. */
interface Line {
  ready: Set<string>;
  /** Events whose end by age is already scheduled. */
  expiring: Set<string>;
  throttles: number;
  backingOff: boolean;
}

/**
 * Lambda's internal queue: at least once, in no promised order, two retries, then the dead-letter queue and the
 * failure destination. It lives in the store: an event leaves only when it came to its end, so that one whose attempt
 * was cut short by the end of the process is delivered again.
 */
export class AsyncQueue {
  private readonly events: Table<AsyncEventRecord>;
  private readonly lines = new Map<string, Line>();
  private readonly retries: DueList<AsyncEventRecord>;
  private readonly expiries: DueList<AsyncEventRecord>;
  private readonly ending: Ending;
  private stopped = false;

  constructor(
    private readonly state: LambdaState,
    private readonly invoker: Invoker,
    private readonly runner: Runner,
    invokeAsync: ConstructorParameters<typeof Ending>[1],
  ) {
    this.events = state.cloud.store.table('lambda.asyncEvents');
    this.ending = new Ending(state.cloud, invokeAsync);
    this.retries = new DueList(state.cloud.clock, (due) => this.makeReady(due));
    this.expiries = new DueList(state.cloud.clock, (due) => this.expire(due));
    state.onSettled((record) => this.pump(record.arn));
    invoker.onFinished((arn) => this.pump(arn));
  }

  /** Takes up again what an earlier process left. */
  start(): void {
    this.schedule(this.events.values());
  }

  stop(): void {
    this.stopped = true;
    this.retries.stop();
    this.expiries.stop();
  }

  /** Takes an event over; the caller's duty ends here. */
  accept(record: FunctionRecord, payload: string, requestId: string): void {
    const now = this.cloud.clock.now();
    const { arn: functionArn, name: functionName, region } = record;
    const event = {
      requestId,
      functionArn,
      functionName,
      region,
      payload,
      acceptedAt: now,
      dueAt: now,
      attempts: 0,
    };
    this.events.set(requestId, event);
    count(this.cloud, record, 'AsyncEventsReceived');
    this.makeReady([event]);
  }

  /** Starts whatever may run now. Called when something became due, finished, or was configured. */
  pump(arn: string): void {
    const line = this.lines.get(arn);
    if (!line || this.stopped) return;
    const record = this.state.functions.get(arn);
    if (record?.state === 'Pending') return;
    for (const requestId of line.ready) {
      const event = this.events.get(requestId);
      if (!event) line.ready.delete(requestId);
      else if (!record) this.abandon(event, line);
      else if (!this.startOne(event, record, line)) break;
    }
    if (line.ready.size === 0 && !line.backingOff) this.lines.delete(arn);
  }

  /** False when the function can take no more for now. */
  private startOne(event: AsyncEventRecord, record: FunctionRecord, line: Line): boolean {
    if (record.reservedConcurrency === 0) {
      this.leave(event, line);
      this.invoker.countThrottle(record);
      this.end(event, record, 'ZeroReservedConcurrency');
      return true;
    }
    if (this.cloud.clock.now() - event.acceptedAt > this.maximumAge(record)) {
      this.leave(event, line);
      this.end(event, record, 'EventAgeExceeded');
      return true;
    }
    if (record.runtime.startsWith('nodejs') && !this.runner.pool(record.arn).hasRoom) return false;
    if (this.invoker.throttle(record)) {
      this.backOff(record, line);
      return false;
    }
    line.throttles = 0;
    this.leave(event, line);
    void this.attempt(event, record);
    return true;
  }

  private async attempt(event: AsyncEventRecord, record: FunctionRecord): Promise<void> {
    count(this.cloud, record, 'AsyncEventAge', this.cloud.clock.now() - event.acceptedAt);
    try {
      const result = await this.invoker.run(record, event.payload, event.requestId);
      if (this.stopped) return;
      const current = this.state.functions.get(record.arn) ?? record;
      const tried = { ...event, attempts: event.attempts + 1, lastResponse: result.payload };
      if (result.status === 'success') this.end(tried, current, 'Success');
      else this.retryOrEnd(tried, current);
    } catch (error) {
      // The function was deleted under way; anything else is a failure of the cloud and the event stays for the next start.
      if (!this.stopped)
        this.cloud.tell('lambda', `${event.functionName} ${event.requestId}: ${(error as Error).message}`);
      if (!this.state.functions.has(record.arn)) this.events.delete(event.requestId);
    }
    if (!this.stopped) this.cloud.store.flush();
  }

  private retryOrEnd(event: AsyncEventRecord, record: FunctionRecord): void {
    const delay = RETRY_DELAYS[Math.min(event.attempts - 1, RETRY_DELAYS.length - 1)] as number;
    const now = this.cloud.clock.now();
    const condition = this.reasonToStop(event, record, now + delay);
    if (condition) {
      this.end(event, record, condition);
      return;
    }
    const waiting = this.events.set(event.requestId, { ...event, dueAt: now + delay });
    this.retries.add(waiting.dueAt, waiting);
    this.cloud.tell('lambda', `${record.name} ${event.requestId} will be tried again in ${delay / 1000} s`);
  }

  private reasonToStop(event: AsyncEventRecord, record: FunctionRecord, retryAt: number) {
    const retries = this.config(record)?.maximumRetryAttempts ?? DEFAULT_RETRIES;
    if (record.reservedConcurrency === 0) return 'ZeroReservedConcurrency';
    if (event.attempts > retries) return 'RetriesExhausted';
    // AWS looks ahead: a retry that would come too late is not waited for.
    if (retryAt - event.acceptedAt > this.maximumAge(record)) return 'EventAgeExceeded';
    return undefined;
  }

  private end(
    event: AsyncEventRecord,
    record: FunctionRecord,
    condition: Parameters<Ending['report']>[2],
  ): void {
    this.ending.report(event, record, condition, this.config(record));
    this.events.delete(event.requestId);
  }

  private backOff(record: FunctionRecord, line: Line): void {
    this.scheduleExpiries(record, line);
    if (line.backingOff) return;
    this.invoker.countThrottle(record);
    line.backingOff = true;
    const delay = Math.min(THROTTLE_BACKOFF.first * 2 ** line.throttles, THROTTLE_BACKOFF.most);
    line.throttles += 1;
    this.cloud.clock.after(delay, () => {
      line.backingOff = false;
      this.pump(record.arn);
      this.cloud.store.flush();
    });
  }

  /** Events that wait for concurrency end by age even if nothing else ever happens. */
  private scheduleExpiries(record: FunctionRecord, line: Line): void {
    if (line.expiring.size >= line.ready.size) return;
    const maximumAge = this.maximumAge(record);
    for (const requestId of line.ready) {
      const event = this.events.get(requestId);
      if (!event || line.expiring.has(requestId)) continue;
      line.expiring.add(requestId);
      this.expiries.add(event.acceptedAt + maximumAge, event);
    }
  }

  private expire(due: AsyncEventRecord[]): void {
    for (const { requestId, functionArn } of due) {
      const line = this.lines.get(functionArn);
      const event = this.events.get(requestId);
      const record = this.state.functions.get(functionArn);
      if (!event || !record || !line?.ready.has(requestId)) continue;
      this.leave(event, line);
      this.end(event, record, 'EventAgeExceeded');
    }
    this.cloud.store.flush();
  }

  private schedule(events: AsyncEventRecord[]): void {
    const now = this.cloud.clock.now();
    for (const event of events) if (event.dueAt > now) this.retries.add(event.dueAt, event);
    this.makeReady(events.filter((event) => event.dueAt <= now));
  }

  private makeReady(due: AsyncEventRecord[]): void {
    const functions = new Set<string>();
    for (const { requestId, functionArn } of due) {
      this.line(functionArn).ready.add(requestId);
      functions.add(functionArn);
    }
    for (const arn of functions) this.pump(arn);
  }

  private line(arn: string): Line {
    let line = this.lines.get(arn);
    if (!line) {
      line = { ready: new Set(), expiring: new Set(), throttles: 0, backingOff: false };
      this.lines.set(arn, line);
    }
    return line;
  }

  private leave(event: AsyncEventRecord, line: Line): void {
    line.ready.delete(event.requestId);
    line.expiring.delete(event.requestId);
  }

  /** The function is gone: so are its events. */
  private abandon(event: AsyncEventRecord, line: Line): void {
    this.leave(event, line);
    this.events.delete(event.requestId);
    count(this.cloud, { name: event.functionName, region: event.region }, 'AsyncEventsDropped');
  }

  private config(record: FunctionRecord): EventInvokeConfigRecord | undefined {
    return this.state.eventInvokeConfigs.get(record.arn);
  }

  private maximumAge(record: FunctionRecord): number {
    return (this.config(record)?.maximumEventAge ?? DEFAULT_MAXIMUM_AGE) * 1000;
  }

  private get cloud(): LocalCloud {
    return this.state.cloud;
  }
}
