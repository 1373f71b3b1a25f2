import { AwsError } from '../../kernel/service.js';

/** CloudFormation's untyped error for everything wrong with a request, a template or a stack's state. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message, 400);
}

export function stackDoesNotExist(name: string): AwsError {
  return validationError(`Stack with id ${name} does not exist`);
}

export function changeSetNotFound(name: string): AwsError {
  return new AwsError('ChangeSetNotFound', `ChangeSet [${name}] does not exist`, 404);
}

export function invalidChangeSetStatus(message: string): AwsError {
  return new AwsError('InvalidChangeSetStatus', message, 400);
}

export function alreadyExists(message: string): AwsError {
  return new AwsError('AlreadyExistsException', message, 400);
}

export function insufficientCapabilities(needed: string[]): AwsError {
  return new AwsError(
    'InsufficientCapabilitiesException',
    `Requires capabilities : [${needed.join(', ')}]`,
    400,
  );
}

/** A parameter of the real API that the local cloud does not act on: refused, never silently ignored. */
export function notSupported(what: string): AwsError {
  return validationError(`The local cloud does not support ${what}.`);
}
