import { DRAIN_ENVIRONMENT } from '../contract/environment.js';
import type { QueueSenders } from '../contract/queue-trust/senders.js';
import { isTrusted, trustedSince } from '../contract/queue-trust/trusted-since.js';
import { readVariable } from '../shared/configuration.js';
import type { SqsRecord } from './batch.js';
import { callSqs, queueUrlOf } from './sqs.js';

const READ = ['Policy', 'RedriveAllowPolicy', 'LastModifiedTimestamp'] as const;

interface Answer {
  Attributes?: Partial<Record<(typeof READ)[number], string>>;
}

/** Tells which messages of a batch can only have come from the path itself. Each queue is read once for it. */
export class BatchTrust {
  readonly #since = new Map<string, Promise<number | null>>();

  async isTrusted({ eventSourceARN, attributes }: SqsRecord): Promise<boolean> {
    const since = this.#since.get(eventSourceARN) ?? readTrustedSince(eventSourceARN);
    this.#since.set(eventSourceARN, since);
    const { SentTimestamp: sent } = attributes;
    return isTrusted(sent === undefined ? null : Number(sent), await since);
  }
}

async function readTrustedSince(arn: string): Promise<number | null> {
  const { Attributes = {} } = await callSqs<Answer>('GetQueueAttributes', {
    QueueUrl: queueUrlOf(arn),
    AttributeNames: READ,
  });
  const { Policy, RedriveAllowPolicy, LastModifiedTimestamp } = Attributes;
  const queue = {
    arn,
    policy: Policy ?? null,
    redriveAllowPolicy: RedriveAllowPolicy ?? null,
    modifiedAt: LastModifiedTimestamp === undefined ? null : Number(LastModifiedTimestamp) * 1000,
  };
  return trustedSince(queue, ...senders());
}

/** One queue takes what the rule could not deliver, the other what the handler failed on. */
function senders(): QueueSenders[] {
  return [
    { rules: [readVariable(DRAIN_ENVIRONMENT.ruleArn)], roles: [] },
    { rules: [], roles: [readVariable(DRAIN_ENVIRONMENT.handlerRoleArn)] },
  ];
}
