import { randomUUID } from 'node:crypto';
import type { LocalCloud } from '../../kernel/cloud.js';
import type { InvokeResult } from '../../kernel/ports.js';
import { conflict, invalidRequestContent, requestTooLarge, tooManyRequests } from './errors.js';
import type { FunctionRecord } from './function-record.js';
import { count } from './metrics.js';
import type { Runner, RunResult } from './runtime/runner.js';
import type { LambdaState } from './state.js';

/** Bytes. AWS raised the asynchronous limit to 1 MB in 2025. */
const LIMITS = { RequestResponse: 6 * 1024 * 1024, Event: 1024 * 1024 };

export type Throttle =
  | 'ReservedFunctionConcurrentInvocationLimitExceeded'
  | 'ConcurrentInvocationLimitExceeded';

/** Lets invocations in as concurrency allows, runs them and counts them: for callers, the queue and mappings alike. */
export class Invoker {
  private readonly inFlight = new Map<string, number>();
  private readonly finished = new Set<(arn: string) => void>();

  constructor(
    private readonly state: LambdaState,
    private readonly runner: Runner,
  ) {}

  /** Checks an event as the front does. An empty one reads as `{}`. Throws `AwsError`. */
  payload(payload: string, type: keyof typeof LIMITS): string {
    if (Buffer.byteLength(payload) > LIMITS[type]) throw requestTooLarge(LIMITS[type]);
    if (payload === '') return '{}';
    try {
      JSON.parse(payload);
    } catch (error) {
      throw invalidRequestContent((error as Error).message);
    }
    return payload;
  }

  /** Throws `ResourceConflictException` while the function is being created. */
  requireActive(record: FunctionRecord): void {
    if (record.state === 'Pending')
      throw conflict(
        'The operation cannot be performed at this time. The function is currently in the following state: Pending',
      );
  }

  /** A synchronous invocation by whoever was authorised. Throws `TooManyRequestsException`. */
  async invoke(
    record: FunctionRecord,
    payload: string,
    clientContext?: unknown,
    requestId: string = randomUUID(),
  ): Promise<InvokeResult> {
    this.requireActive(record);
    const throttle = this.throttle(record);
    if (throttle) {
      this.countThrottle(record);
      throw tooManyRequests(throttle);
    }
    const result = await this.run(record, payload, requestId, clientContext);
    return {
      statusCode: 200,
      ...(result.status !== 'success' && { functionError: 'Unhandled' as const }),
      payload: result.payload,
      requestId,
      logTail: result.logTail,
    };
  }

  /** Why another execution would exceed the function's reservation or the account's quota; undefined when it fits. */
  throttle(record: FunctionRecord): Throttle | undefined {
    const running = this.inFlight.get(record.arn) ?? 0;
    if (record.reservedConcurrency !== undefined)
      return running >= record.reservedConcurrency
        ? 'ReservedFunctionConcurrentInvocationLimitExceeded'
        : undefined;
    const functions = this.state.inRegion(record.region);
    const unreserved = functions.filter((one) => one.reservedConcurrency === undefined);
    const used = unreserved.reduce((sum, one) => sum + (this.inFlight.get(one.arn) ?? 0), 0);
    const left = this.state.accountConcurrency(record.region) - this.state.reservedTotal(record.region);
    return used >= left ? 'ConcurrentInvocationLimitExceeded' : undefined;
  }

  countThrottle(record: FunctionRecord): void {
    count(this.cloud, record, 'Throttles');
    this.cloud.tell('lambda', `${record.name} throttled`);
  }

  /** Runs an invocation that was let in. */
  async run(
    record: FunctionRecord,
    payload: string,
    requestId: string,
    clientContext?: unknown,
  ): Promise<RunResult> {
    const running = (this.inFlight.get(record.arn) ?? 0) + 1;
    this.inFlight.set(record.arn, running);
    count(this.cloud, record, 'ConcurrentExecutions', running);
    try {
      const result = await this.runner.run(record, { requestId, payload, clientContext });
      count(this.cloud, record, 'Invocations');
      count(this.cloud, record, 'Errors', result.status === 'success' ? 0 : 1);
      count(this.cloud, record, 'Duration', result.duration);
      const outcome =
        result.status === 'success' ? 'succeeded' : `failed: ${result.failure?.errorType ?? 'Error'}`;
      this.cloud.tell('lambda', `${record.name} ${requestId} ${outcome}`);
      return result;
    } finally {
      const left = (this.inFlight.get(record.arn) ?? 1) - 1;
      if (left === 0) this.inFlight.delete(record.arn);
      else this.inFlight.set(record.arn, left);
      for (const listener of this.finished) listener(record.arn);
    }
  }

  /** Runs after each invocation, when there is room for another. */
  onFinished(listener: (arn: string) => void): void {
    this.finished.add(listener);
  }

  private get cloud(): LocalCloud {
    return this.state.cloud;
  }
}
