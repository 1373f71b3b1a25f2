import { isOwnEnvelope, readDeadLetter } from '../contract/dead-letter.js';
import type { StripeEnvelope } from '../contract/envelope.js';
import { DRAIN_ENVIRONMENT } from '../contract/environment.js';
import { type FunctionProbe, isProbe } from '../contract/probe.js';
import { readConfiguration, readVariable } from '../shared/configuration.js';
import { answerProbe } from '../shared/probe.js';
import { processEvent } from '../shared/process-event.js';
import { attributesOf, type BatchResponse, type SqsBatch, type SqsRecord } from './batch.js';
import { quarantine } from './quarantine.js';

/** The members of Lambda's context object that the drain uses. */
interface Invocation {
  /** `arn:aws:lambda:region:account:function:name` */
  invokedFunctionArn: string;
}

/**
 * Empties a dead-letter queue inside AWS, while its mapping is switched on: each event is applied as by replay. It has
 * no Stripe key, so what is not an envelope of this stage's own goes to the quarantine queue, for a person to look at.
 * What fails stays in its queue.
 */
export async function handler(
  batch: SqsBatch,
  invocation: Invocation,
): Promise<BatchResponse | FunctionProbe> {
  if (isProbe(batch)) return answerProbe();
  const { Records } = batch;
  const failures = await Promise.all(Records.map((record) => take(record, invocation)));
  return { batchItemFailures: failures.filter((one) => one !== null) };
}

/** Null: the message is done with, and will be deleted. */
async function take(record: SqsRecord, invocation: Invocation): Promise<{ itemIdentifier: string } | null> {
  try {
    const envelope = ownEnvelope(record, invocation);
    if (typeof envelope === 'string') await quarantine(record, envelope);
    // The message's id is the same at every attempt, so that an attempt cannot count twice.
    else
      await processEvent(
        envelope.detail,
        { id: record.messageId, via: 'replay', receivedAt: new Date() },
        envelope.time,
      );
    return null;
  } catch (error) {
    console.error(`${record.messageId} stays: ${(error as Error).name}: ${(error as Error).message}`);
    return { itemIdentifier: record.messageId };
  }
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
