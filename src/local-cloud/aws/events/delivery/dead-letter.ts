import type { LocalCloud } from '../../../kernel/cloud.js';
import type { SqsAttribute } from '../../../kernel/ports.js';
import { AwsError } from '../../../kernel/service.js';
import type { DeliveryRecord } from '../records.js';
import type { Failure } from './failure.js';

/**
 * Puts an undeliverable event on the target's queue: the event exactly as it was, the reason in message attributes.
 * The queue's policy must name events.amazonaws.com; nobody adds that, and nobody hears when it is missing.
 */
export function sendToDeadLetterQueue(
  cloud: LocalCloud,
  delivery: DeliveryRecord,
  failure: Failure,
  retries: number,
  exhausted: string | undefined,
): 'sent' | 'refused' | 'none' {
  const queueArn = delivery.target.DeadLetterConfig?.Arn;
  if (queueArn === undefined) return 'none';
  const text = (value: string): SqsAttribute => ({ DataType: 'String', StringValue: value });
  try {
    cloud.port('sqs').send({
      queueArn,
      body: JSON.stringify(delivery.event),
      attributes: {
        RULE_ARN: text(delivery.ruleArn),
        TARGET_ARN: text(delivery.target.Arn),
        ERROR_CODE: text(failure.code),
        ERROR_MESSAGE: text(failure.message || failure.code),
        RETRY_ATTEMPTS: text(String(retries)),
        ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: text(exhausted) }),
      },
      principal: { kind: 'service', service: 'events.amazonaws.com' },
      sourceArn: delivery.ruleArn,
    });
    return 'sent';
  } catch (error) {
    if (error instanceof AwsError) return 'refused';
    throw error;
  }
}
