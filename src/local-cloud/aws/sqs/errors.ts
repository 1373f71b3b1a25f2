import { AwsError } from '../../kernel/service.js';

/** An SQS error: `shape` is the JSON protocol's name, `code` what older clients read from `x-amzn-query-error`. */
function sqsError(shape: string, code: string, message: string, status = 400): AwsError {
  return new AwsError(shape, message, status, { queryCode: code });
}

export const queueDoesNotExist = (message = 'The specified queue does not exist.') =>
  sqsError('QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue', message);

export const queueNameExists = (attribute: string) =>
  sqsError(
    'QueueNameExists',
    'QueueAlreadyExists',
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
  );

export const queueDeletedRecently = () =>
  sqsError(
    'QueueDeletedRecently',
    'AWS.SimpleQueueService.QueueDeletedRecently',
    'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
  );

export const purgeInProgress = (queueName: string) =>
  sqsError(
    'PurgeQueueInProgress',
    'AWS.SimpleQueueService.PurgeQueueInProgress',
    `Only one PurgeQueue operation on ${queueName} is allowed every 60 seconds.`,
    403,
  );

export const invalidParameter = (message: string) =>
  sqsError('InvalidParameterValueException', 'InvalidParameterValue', message);

export const invalidValue = (value: unknown, parameter: string, reason: string) =>
  invalidParameter(`Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`);

export const missingParameter = (parameter: string) =>
  sqsError(
    'MissingRequiredParameterException',
    'MissingParameter',
    `The request must contain the parameter ${parameter}.`,
  );

export const unknownAttribute = (name: string) =>
  sqsError('InvalidAttributeName', 'InvalidAttributeName', `Unknown Attribute ${name}.`);

export const invalidAttributeValue = (name: string, reason?: string) =>
  sqsError(
    'InvalidAttributeValue',
    'InvalidAttributeValue',
    `Invalid value for the parameter ${name}.${reason ? ` Reason: ${reason}` : ''}`,
  );

export const invalidAddress = (address: string) =>
  sqsError('InvalidAddress', 'InvalidAddress', `The address ${address} is not valid for this endpoint.`, 404);

export const invalidReceiptHandle = (handle: string) =>
  sqsError(
    'ReceiptHandleIsInvalid',
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
    404,
  );

export const overLimit = () =>
  sqsError('OverLimit', 'OverLimit', 'Too many messages are in flight on this queue (limit 120000).', 403);

export const invalidMessageContents = () =>
  sqsError(
    'InvalidMessageContents',
    'InvalidMessageContents',
    'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
  );

export const resourceNotFound = (message: string) =>
  sqsError('ResourceNotFoundException', 'ResourceNotFoundException', message, 404);

export const unsupported = (message: string) =>
  sqsError('UnsupportedOperation', 'AWS.SimpleQueueService.UnsupportedOperation', message);

export const accessDenied = (message: string) => sqsError('AccessDenied', 'AccessDenied', message, 403);

export const kmsAccessDenied = (message: string) =>
  sqsError('KmsAccessDenied', 'KMS.AccessDeniedException', message);

export const emptyBatch = (entry: string) =>
  sqsError(
    'EmptyBatchRequest',
    'AWS.SimpleQueueService.EmptyBatchRequest',
    `There should be at least one ${entry} in the request.`,
  );

export const tooManyEntries = (count: number) =>
  sqsError(
    'TooManyEntriesInBatchRequest',
    'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
    `Maximum number of entries per request are 10. You have sent ${count}.`,
  );

export const entryIdsNotDistinct = (id: string) =>
  sqsError(
    'BatchEntryIdsNotDistinct',
    'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
    `Id ${id} repeated.`,
  );

export const invalidEntryId = () =>
  sqsError(
    'InvalidBatchEntryId',
    'AWS.SimpleQueueService.InvalidBatchEntryId',
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
  );

export const batchTooLong = (bytes: number, limit: number) =>
  sqsError(
    'BatchRequestTooLong',
    'AWS.SimpleQueueService.BatchRequestTooLong',
    `Batch requests cannot be longer than ${limit} bytes. You have sent ${bytes} bytes.`,
  );
