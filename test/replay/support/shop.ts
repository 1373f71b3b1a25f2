import { randomBytes } from 'node:crypto';
import type { StripeEnvelope } from '../../../handlers/contract/envelope.js';
import type { LedgerEvent } from '../../../handlers/contract/ledger.js';
import type { StripeEvent } from '../../../handlers/contract/stripe-event.js';
import { operate } from '../../../src/world/operations.js';
import { envelope as envelopeOf } from '../../handlers/support/envelopes.js';
import { checkoutSession, stripeEvent } from '../../handlers/support/events.js';
import type { Stage } from './stage.js';

export const COMPLETED = 'checkout.session.completed';

/** An order that waits, and the event that pays it. */
export interface Sale {
  orderId: string;
  event: StripeEvent;
  /** The event as EventBridge would have delivered it to this stage. */
  envelope: StripeEnvelope;
}

/** Sells tickets, loses events, and counts in the end. */
export class Shop {
  private constructor(
    private readonly stage: Stage,
    private readonly handlerRole: string,
  ) {}

  static async open(stage: Stage): Promise<Shop> {
    const handler = await stage.bench().world.lambda.function(stage.outputs.eventFunctionName);
    return new Shop(stage, handler?.roleArn ?? '');
  }

  async sell(changes: Partial<StripeEvent> = {}): Promise<Sale> {
    const runId = `run-${randomBytes(6).toString('hex')}`;
    const { orderId } = await operate(this.stage.bench().world, 'create-test-order', {
      runId,
      amountMinor: 2500,
    });
    return this.paid(orderId, changes);
  }

  /** The event that pays this order, in its envelope. */
  paid(orderId: string, changes: Partial<StripeEvent> = {}): Sale {
    const session = checkoutSession(orderId, { metadata: { order_id: orderId, cachao_stage: 'dev' } });
    const event = stripeEvent(COMPLETED, session, changes);
    const source = this.stage.outputs.eventBusName;
    return { orderId, event, envelope: envelopeOf(event, { source }) };
  }

  /** Puts a message into a dead-letter queue, by the one principal that its policy lets in. */
  lose(
    body: unknown,
    attributes: Record<string, string> = UNDELIVERED,
    queue: 'delivery' | 'function' = 'delivery',
  ): void {
    const { outputs, cloud } = this.stage;
    cloud.cloud.port('sqs').send({
      queueArn: queue === 'delivery' ? outputs.deliveryFailuresQueueArn : outputs.functionFailuresQueueArn,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      attributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [
          name,
          { DataType: name === 'ErrorCode' ? 'Number' : 'String', StringValue: value },
        ]),
      ),
      ...(queue === 'delivery'
        ? { principal: { kind: 'service', service: 'events.amazonaws.com' }, sourceArn: outputs.ruleArn }
        : { principal: { kind: 'role', arn: this.handlerRole, roleArn: this.handlerRole } }),
    });
  }

  /** Takes everything out of both queues. */
  empty(): void {
    const sqs = this.stage.cloud.cloud.port('sqs');
    const { deliveryFailuresQueueArn, functionFailuresQueueArn } = this.stage.outputs;
    for (const arn of [deliveryFailuresQueueArn, functionFailuresQueueArn])
      for (let batch = sqs.receive(arn, 10, 30); batch.length > 0; batch = sqs.receive(arn, 10, 30))
        for (const { receiptHandle } of batch) sqs.delete(arn, receiptHandle);
  }

  async statusOf(orderId: string): Promise<string | undefined> {
    const { orders } = await operate(this.stage.bench().world, 'get-orders', { orderIds: [orderId] });
    return orders[0]?.status;
  }

  async ledger(...eventIds: string[]): Promise<LedgerEvent[]> {
    return (await operate(this.stage.bench().world, 'get-events', { eventIds })).events;
  }

  /** Messages in both queues: those that can be seen, and those that somebody holds. */
  async waiting(): Promise<{ visible: number; inFlight: number }> {
    const { world } = this.stage.bench();
    const { deliveryFailuresQueueUrl, functionFailuresQueueUrl } = this.stage.outputs;
    const queues = await Promise.all(
      [deliveryFailuresQueueUrl, functionFailuresQueueUrl].map((url) => world.sqs.queue(url)),
    );
    return {
      visible: queues.reduce((sum, queue) => sum + (queue?.visible ?? 0), 0),
      inFlight: queues.reduce((sum, queue) => sum + (queue?.inFlight ?? 0), 0),
    };
  }
}

/** What EventBridge adds to an event that it could not deliver. */
export const UNDELIVERED = {
  ERROR_CODE: 'NO_PERMISSIONS',
  ERROR_MESSAGE: 'not authorized to perform: lambda:InvokeFunction',
  RETRY_ATTEMPTS: '0',
};

/** What Lambda adds to a payload in its dead-letter target. */
export const FAILED_FUNCTION = { RequestID: 'request-1', ErrorCode: '200', ErrorMessage: 'it broke' };

/** Lambda's record for an on-failure destination. */
export function destinationRecord(payload: unknown, errorType = 'DATABASE_UNAVAILABLE') {
  return {
    version: '1.0',
    timestamp: '2026-11-23T10:00:00.000Z',
    requestContext: { requestId: 'request-1', condition: 'RetriesExhausted', approximateInvokeCount: 3 },
    requestPayload: payload,
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType, errorMessage: 'it broke' },
  };
}
