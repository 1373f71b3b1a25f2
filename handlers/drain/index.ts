import { isOwnEnvelope, readDeadLetter } from '../contract/dead-letter.js';
import type { StripeEnvelope } from '../contract/envelope.js';
import { DRAIN_ENVIRONMENT } from '../contract/environment.js';
import { type FunctionProbe, isProbe } from '../contract/probe.js';
import { readConfiguration, readVariable } from '../shared/configuration.js';
import { answerProbe } from '../shared/probe.js';
import { processEvent } from '../shared/process-event.js';
import { attributesOf, type BatchResponse, type SqsBatch, type SqsRecord } from './batch.js';
import { quarantine } from './quarantine.js';
import { BatchTrust } from './queue-trust.js';

/** The members of Lambda's context object that the drain uses. */
interface Invocation {
  /** `arn:aws:lambda:region:account:function:name` */
  invokedFunctionArn: string;
}

/**
 * Empties a dead-letter queue inside AWS, while its mapping is switched on: each event is applied as by replay. It has
 * no Stripe key, so what is not an envelope of this stage's own goes to the quarantine queue, for a person to look at;
 * and one that somebody else could have sent stays in its queue, for the replay that asks Stripe. So does what fails.
 */
export async function handler(
  batch: SqsBatch,
  invocation: Invocation,
): Promise<BatchResponse | FunctionProbe> {
  if (isProbe(batch)) return answerProbe();
  const { Records } = batch;
  const trust = new BatchTrust();
  const failures = await Promise.all(Records.map((record) => take(record, invocation, trust)));
  return { batchItemFailures: failures.filter((one) => one !== null) };
}

/** Null: the message is done with, and will be deleted. */
async function take(
  record: SqsRecord,
  invocation: Invocation,
  trust: BatchTrust,
): Promise<{ itemIdentifier: string } | null> {
  try {
    const envelope = ownEnvelope(record, invocation);
    if (typeof envelope === 'string') {
      await quarantine(record, envelope);
      return null;
    }
    if (!(await trust.isTrusted(record)))
      return stays(record, 'UNVERIFIED: somebody else could have sent it; cachao replay-dlq asks Stripe');
    await processEvent(
      envelope.detail,
      // The message's id is the same at every attempt, so that an attempt cannot count twice.
      { id: record.messageId, via: 'replay', receivedAt: new Date() },
      envelope.time,
    );
    return null;
  } catch (error) {
    return stays(record, `${(error as Error).name}: ${(error as Error).message}`);
  }
}

function stays({ messageId }: SqsRecord, why: string): { itemIdentifier: string } {
  console.error(`${messageId} stays: ${why}`);
  return { itemIdentifier: messageId };
}

/** This stage's own envelope in the message, or why there is none. */
function ownEnvelope(record: SqsRecord, { invokedFunctionArn }: Invocation): StripeEnvelope | string {
  const { content } = readDeadLetter({ body: record.body, attributes: attributesOf(record) });
  if (content.kind === 'unreadable') return `UNREADABLE: ${content.why}`;
  if (content.kind !== 'envelope')
    return 'UNVERIFIED: it is no envelope of EventBridge, and Stripe was not asked';
  const own = {
    source: readVariable(DRAIN_ENVIRONMENT.source),
    account: invokedFunctionArn.split(':')[4] ?? '',
    livemode: readConfiguration().livemode,
  };
  if (isOwnEnvelope(content.envelope, own)) return content.envelope;
  return 'UNVERIFIED: its source, account or mode is not of this stage, and Stripe was not asked';
}
