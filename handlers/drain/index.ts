import { type Claim, judgeClaim } from '../contract/claim.js';
import { readDeadLetter } from '../contract/dead-letter.js';
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
 * Empties a dead-letter queue inside AWS, while its mapping is switched on: each event is applied as by replay, and
 * judged by the same rule. It has no Stripe key, so what only Stripe can confirm stays in its queue, for the replay that
 * asks; so does what fails. What nobody could deliver goes to the quarantine queue, for a person to look at.
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
    const claim = judge(record, invocation, await trust.isTrusted(record));
    if (claim.kind === 'ask') return stays(record, `UNVERIFIED: ${claim.why}, which cachao replay-dlq asks`);
    if (claim.kind === 'refuse') await quarantine(record, `${claim.code}: ${claim.why}`);
    else
      await processEvent(
        claim.envelope.detail,
        // The message's id is the same at every attempt, so that an attempt cannot count twice.
        { id: record.messageId, via: 'replay', receivedAt: new Date() },
        claim.envelope.time,
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

function judge(record: SqsRecord, { invokedFunctionArn }: Invocation, isTrusted: boolean): Claim {
  const { content } = readDeadLetter({ body: record.body, attributes: attributesOf(record) });
  const own = {
    source: readVariable(DRAIN_ENVIRONMENT.source),
    account: invokedFunctionArn.split(':')[4] ?? '',
    livemode: readConfiguration().livemode,
  };
  return judgeClaim(content, own, isTrusted);
}
