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
  private creating: Promise<void> | undefined;

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
    if (!this.exists()) {
      this.creating ??= this.create().finally(() => {
        this.creating = undefined;
      });
      await this.creating;
    }
    const lines = this.pending;
    this.pending = [];
    if (lines.length === 0 || !this.exists() || !this.allowed()) return;
    this.cloud.port('logs').write(this.record.region, this.record.logging.LogGroup, this.name, lines);
  }

  /** Somebody may have deleted it, or its group, since the environment started. */
  private exists(): boolean {
    return this.cloud.port('logs').hasStream(this.record.region, this.record.logging.LogGroup, this.name);
  }

  private allowed(): boolean {
    const { region, logging } = this.record;
    const arn = `arn:aws:logs:${region}:${ACCOUNT}:log-group:${logging.LogGroup}:log-stream:${this.name}`;
    return roleAllows(this.cloud, this.record, 'logs:PutLogEvents', arn);
  }

  /** As Lambda does: makes the group if the role may, then the stream. */
  private async create(): Promise<void> {
    const logGroupName = this.record.logging.LogGroup;
    await this.attempt('CreateLogGroup', { logGroupName });
    await this.attempt('CreateLogStream', { logGroupName, logStreamName: this.name });
  }

  private async attempt(operation: string, input: object): Promise<void> {
    try {
      await this.cloud.call('logs', operation, input, {
        principal: rolePrincipal(this.record),
        region: this.record.region,
      });
    } catch (error) {
      // It is there already, or the role may not: whether there is a stream is looked at afterwards.
      if (!(error instanceof AwsError)) throw error;
    }
  }
}
