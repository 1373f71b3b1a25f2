import type { HandlerErrorCode } from '../contract/ledger.js';

/**
 * A refusal with a stable code. The code is the error's `name`, because that is what Lambda reports as `errorType`,
 * and so what stands in logs, metrics and dead letters. Messages carry ids and amounts, never customers' data.
 */
export class HandlerError extends Error {
  constructor(
    readonly code: HandlerErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = code;
  }
}
