import type { LocalCloud } from '../../../kernel/cloud.js';
import type { SqsAttribute } from '../../../kernel/ports.js';
import { AwsError, type Principal } from '../../../kernel/service.js';
import type { EventInvokeConfigRecord, FunctionRecord } from '../function-record.js';
import { count } from '../metrics.js';
import { roleAllows, rolePrincipal } from '../role.js';
import { deadLetter } from './dead-letter.js';
import { destinationRecord } from './destination-record.js';
import type { AsyncEventRecord, EndCondition } from './event-record.js';

type InvokeAsync = (request: { functionArn: string; payload: string; principal: Principal }) => void;

/** What happens when an event came to its end: records to destinations, the dead-letter queue, metrics. */
export class Ending {
  constructor(
    private readonly cloud: LocalCloud,
    private readonly invokeAsync: InvokeAsync,
  ) {}

  /** A target that refuses loses the record; only a metric tells. */
  report(
    event: AsyncEventRecord,
    record: FunctionRecord,
    condition: EndCondition,
    config: EventInvokeConfigRecord | undefined,
  ): void {
    const destination = condition === 'Success' ? config?.onSuccess : config?.onFailure;
    if (destination !== undefined) void this.toDestination(event, record, condition, destination);
    if (condition === 'Success') return;
    if (record.deadLetterTargetArn !== undefined)
      this.toDeadLetter(event, record, condition, record.deadLetterTargetArn);
    count(this.cloud, record, 'AsyncEventsDropped');
    this.cloud.tell('lambda', `${record.name} ${event.requestId} given up: ${condition}`);
  }

  private toDeadLetter(
    event: AsyncEventRecord,
    record: FunctionRecord,
    condition: EndCondition,
    target: string,
  ): void {
    const { body, attributes } = deadLetter(event, condition);
    try {
      if (target.startsWith('arn:aws:sqs:'))
        this.cloud.port('sqs').send({ queueArn: target, body, attributes, principal: rolePrincipal(record) });
      else this.publish(record, target, body, attributes);
      this.cloud.tell('lambda', `${record.name} ${event.requestId} sent to its dead-letter queue`);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      count(this.cloud, record, 'DeadLetterErrors');
      this.cloud.tell(
        'lambda',
        `${record.name} ${event.requestId} lost: its dead-letter queue refused (${error.code})`,
      );
    }
  }

  private async toDestination(
    event: AsyncEventRecord,
    record: FunctionRecord,
    condition: EndCondition,
    target: string,
  ): Promise<void> {
    const body = JSON.stringify(destinationRecord(event, condition, this.cloud.clock.iso()));
    try {
      await this.deliver(record, target, body, condition);
    } catch (error) {
      const why = error instanceof AwsError ? error.code : (error as Error).message;
      count(this.cloud, record, 'DestinationDeliveryFailures');
      this.cloud.tell('lambda', `${record.name} ${event.requestId}: its destination refused (${why})`);
    }
  }

  private async deliver(
    record: FunctionRecord,
    target: string,
    body: string,
    condition: EndCondition,
  ): Promise<void> {
    const principal = rolePrincipal(record);
    switch (target.split(':')[2]) {
      case 'sqs':
        return this.cloud.port('sqs').send({ queueArn: target, body, principal });
      case 'sns':
        return this.publish(record, target, body);
      case 'lambda':
        if (!roleAllows(this.cloud, record, 'lambda:InvokeFunction', target))
          throw new AwsError('AccessDeniedException', `${record.role} may not invoke ${target}`, 403);
        return this.invokeAsync({ functionArn: target, payload: body, principal });
      default:
        await this.putEvent(record, target, body, condition);
    }
  }

  private publish(
    record: FunctionRecord,
    topicArn: string,
    message: string,
    attributes: Record<string, SqsAttribute> = {},
  ): void {
    const principal = rolePrincipal(record);
    this.cloud.port('sns').publish({ topicArn, subject: '', message, attributes, principal });
  }

  private async putEvent(
    record: FunctionRecord,
    bus: string,
    body: string,
    condition: EndCondition,
  ): Promise<void> {
    const kind = condition === 'Success' ? 'Success' : 'Failure';
    const entry = {
      Source: 'lambda',
      DetailType: `Lambda Function Invocation Result - ${kind}`,
      Resources: [`${record.arn}:$LATEST`, bus],
      EventBusName: bus,
      Detail: body,
    };
    const from = { principal: rolePrincipal(record), region: record.region };
    const output = (await this.cloud.call('events', 'PutEvents', { Entries: [entry] }, from)) as {
      FailedEntryCount?: number;
      Entries?: { ErrorCode?: string; ErrorMessage?: string }[];
    };
    const failed = output.FailedEntryCount ? output.Entries?.[0] : undefined;
    if (failed) throw new AwsError(failed.ErrorCode ?? 'InternalFailure', failed.ErrorMessage ?? '');
  }
}
