/** A request that the operations function refuses; its code and message go to the CLI. */
export class RequestError extends Error {
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = code;
  }
}
