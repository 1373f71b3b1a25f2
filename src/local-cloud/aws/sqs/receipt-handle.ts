import { invalidReceiptHandle } from './errors.js';

/** Opaque to callers: names the queue, the message and the receive. */
export function receiptHandle(queueArn: string, id: string, nonce: string): string {
  return Buffer.from(`${nonce} ${id} ${queueArn}`).toString('base64');
}

export function readReceiptHandle(handle: string, queueArn: string): { id: string; nonce: string } {
  const [nonce, id, arn] = Buffer.from(handle, 'base64').toString('utf8').split(' ');
  if (!nonce || !id || arn !== queueArn) throw invalidReceiptHandle(handle);
  return { id, nonce };
}
