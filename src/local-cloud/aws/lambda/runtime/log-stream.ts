import { randomBytes } from 'node:crypto';
import { ACCOUNT, type LocalCloud } from '../../../kernel/cloud.js';
import { AwsError } from '../../../kernel/service.js';
import type { FunctionRecord } from '../function-record.js';
import { roleAllows, rolePrincipal } from '../role.js';

/** Lines wait this long (real milliseconds) for others, unless their invocation ends first. */
const LINGER = 200;
/** What CloudWatch Logs takes as one event, in bytes; longer lines are cut. */
const MAXIMUM_LINE = 256 * 1024;

/**
 * The log stream of one execution environment. Written as the function's role: a role that may not, logs nothing, and
 * nobody is told.
 */
export class LogStream {
  readonly name: string;
  private pending: { timestamp: number; message: string }[] = [];
  private timer: NodeJS.Timeout | undefined;
  private ready: Promise<boolean> | undefined;

  constructor(
    private readonly cloud: LocalCloud,
    private readonly record: FunctionRecord,
  ) {
    const day = cloud.clock.iso().slice(0, 10).replaceAll('-', '/');
    this.name = `${day}/[$LATEST]${randomBytes(16).toString('hex')}`;
  }

  append(message: string): void {
    const cut = message.length > MAXIMUM_LINE ? message.slice(0, MAXIMUM_LINE) : message;
    this.pending.push({ timestamp: this.cloud.clock.now(), message: cut });
    this.timer ??= setTimeout(() => void this.flush(), LINGER).unref();
  }

  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.ready ??= this.create();
    const writable = await this.ready;
    const lines = this.pending;
    this.pending = [];
    if (lines.length === 0 || !writable || !this.allowed()) return;
    this.cloud.port('logs').write(this.record.region, this.record.logging.LogGroup, this.name, lines);
  }

  private allowed(): boolean {
    const { region, logging } = this.record;
    const arn = `arn:aws:logs:${region}:${ACCOUNT}:log-group:${logging.LogGroup}:log-stream:${this.name}`;
    return roleAllows(this.cloud, this.record, 'logs:PutLogEvents', arn);
  }

  /** As Lambda does when an environment starts: makes the group if the role may, then the stream. */
  private async create(): Promise<boolean> {
    const logGroupName = this.record.logging.LogGroup;
    await this.attempt('CreateLogGroup', { logGroupName });
    return this.attempt('CreateLogStream', { logGroupName, logStreamName: this.name });
  }

  private async attempt(operation: string, input: object): Promise<boolean> {
    try {
      await this.cloud.call('logs', operation, input, {
        principal: rolePrincipal(this.record),
        region: this.record.region,
      });
      return true;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return error.code === 'ResourceAlreadyExistsException';
    }
  }
}
