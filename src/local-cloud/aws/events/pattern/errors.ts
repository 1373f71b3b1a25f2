/** A pattern that EventBridge would refuse; `message` is AWS's reason. */
export class InvalidPattern extends Error {}
