import { AwsError } from '../../kernel/service.js';

export function invalidValue(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, 400, { queryCode: 'InvalidParameterValue' });
}

export function invalidCombination(message: string): AwsError {
  return new AwsError('InvalidParameterCombinationException', message, 400, {
    queryCode: 'InvalidParameterCombination',
  });
}

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

export function resourceNotFound(message: string): AwsError {
  return new AwsError('ResourceNotFound', message, 404);
}

export function notSupported(what: string): AwsError {
  return validationError(`The local cloud does not support ${what}.`);
}
