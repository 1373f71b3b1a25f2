import { AwsError } from '../../kernel/service.js';
import { invalidAttributeValue, unknownAttribute, unsupported } from './errors.js';

/** Settable numbers: default, least, greatest (AWS API reference, SetQueueAttributes). */
const NUMBERS: Record<string, { initial?: number; least: number; greatest: number }> = {
  DelaySeconds: { initial: 0, least: 0, greatest: 900 },
  MaximumMessageSize: { initial: 1_048_576, least: 1024, greatest: 1_048_576 },
  MessageRetentionPeriod: { initial: 345_600, least: 60, greatest: 1_209_600 },
  ReceiveMessageWaitTimeSeconds: { initial: 0, least: 0, greatest: 20 },
  VisibilityTimeout: { initial: 30, least: 0, greatest: 43_200 },
  KmsDataKeyReusePeriodSeconds: { least: 60, greatest: 86_400 },
};

const FIFO_ONLY = ['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'];

/** What GetQueueAttributes can be asked for and nobody can set. */
export const COMPUTED = [
  'QueueArn',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
];

export const SETTABLE = [
  ...Object.keys(NUMBERS),
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'SqsManagedSseEnabled',
];

export function defaultAttributes(): Record<string, string> {
  const defaults: Record<string, string> = { SqsManagedSseEnabled: 'true' };
  for (const [name, { initial }] of Object.entries(NUMBERS))
    if (initial !== undefined) defaults[name] = String(initial);
  return defaults;
}

/** Lays `changes` over `current`, checked. An empty policy or key takes the attribute away. */
export function mergeAttributes(
  current: Record<string, string>,
  changes: Record<string, unknown>,
): Record<string, string> {
  const next = { ...current };
  for (const [name, given] of Object.entries(changes)) {
    const value = String(given);
    if (!SETTABLE.includes(name)) throw refusal(name, value);
    if (value === '' && !(name in NUMBERS) && name !== 'SqsManagedSseEnabled') delete next[name];
    else next[name] = checked(name, value);
  }
  return settleEncryption(next, changes);
}

function refusal(name: string, value: string): AwsError {
  if (!FIFO_ONLY.includes(name)) return unknownAttribute(name);
  if (name === 'FifoQueue' && value === 'true')
    return unsupported('The local cloud does not support FIFO queues (attribute FifoQueue).');
  return unknownAttribute(name);
}

function checked(name: string, value: string): string {
  const range = NUMBERS[name];
  if (range) {
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= range.least && number <= range.greatest)) throw invalidAttributeValue(name);
    return String(number);
  }
  if (name === 'SqsManagedSseEnabled') {
    if (value !== 'true' && value !== 'false') throw invalidAttributeValue(name);
    return value;
  }
  if (name === 'KmsMasterKeyId') return value;
  return checkedDocument(name, value);
}

function checkedDocument(name: string, value: string): string {
  const document = parseObject(value);
  if (!document) throw invalidAttributeValue(name);
  if (name === 'Policy' && !Array.isArray(document.Statement) && typeof document.Statement !== 'object')
    throw invalidAttributeValue(name);
  if (name === 'RedrivePolicy') checkRedrive(value, document);
  if (
    name === 'RedriveAllowPolicy' &&
    !['allowAll', 'denyAll', 'byQueue'].includes(String(document.redrivePermission))
  )
    throw invalidAttributeValue(name, 'Invalid value for redrivePermission.');
  return value;
}

function checkRedrive(value: string, policy: Record<string, unknown>): void {
  const because = (reason: string) =>
    new AwsError(
      'InvalidParameterValueException',
      `Value ${value} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
      400,
      {
        queryCode: 'InvalidParameterValue',
      },
    );
  if (policy.deadLetterTargetArn === undefined)
    throw because('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
  if (policy.maxReceiveCount === undefined)
    throw because('Redrive policy does not contain mandatory attribute: maxReceiveCount.');
  const count = Number(policy.maxReceiveCount);
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw because(
      `Invalid value for maxReceiveCount: ${String(policy.maxReceiveCount)}, valid values are from 1 to 1000 both inclusive.`,
    );
}

/** A KMS key and SQS-managed encryption exclude each other; the one that was asked for wins. */
function settleEncryption(
  next: Record<string, string>,
  changes: Record<string, unknown>,
): Record<string, string> {
  if (changes.KmsMasterKeyId && String(changes.SqsManagedSseEnabled) === 'true')
    throw invalidAttributeValue(
      'SqsManagedSseEnabled',
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    );
  if (changes.KmsMasterKeyId) next.SqsManagedSseEnabled = 'false';
  else if (String(changes.SqsManagedSseEnabled) === 'true') delete next.KmsMasterKeyId;
  if (next.KmsMasterKeyId) next.KmsDataKeyReusePeriodSeconds ??= '300';
  else delete next.KmsDataKeyReusePeriodSeconds;
  return next;
}

export interface RedrivePolicy {
  deadLetterTargetArn: string;
  maxReceiveCount: number;
}

export function redrivePolicy(attributes: Record<string, string>): RedrivePolicy | undefined {
  const policy = attributes.RedrivePolicy === undefined ? undefined : parseObject(attributes.RedrivePolicy);
  if (!policy) return undefined;
  return {
    deadLetterTargetArn: String(policy.deadLetterTargetArn),
    maxReceiveCount: Number(policy.maxReceiveCount),
  };
}

/** Whether a dead-letter queue's RedriveAllowPolicy takes messages from `sourceArn`. */
export function allowsRedriveFrom(attributes: Record<string, string>, sourceArn: string): boolean {
  const policy =
    attributes.RedriveAllowPolicy === undefined ? undefined : parseObject(attributes.RedriveAllowPolicy);
  if (!policy || policy.redrivePermission === 'allowAll') return true;
  if (policy.redrivePermission === 'denyAll') return false;
  return Array.isArray(policy.sourceQueueArns) && policy.sourceQueueArns.includes(sourceArn);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
