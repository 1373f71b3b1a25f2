import type { SqsAttribute } from '../../kernel/ports.js';
import { AwsError } from '../../kernel/service.js';

export type MessageAttributes = Record<string, SqsAttribute>;

/** Checks what a caller gives. Unlike SQS, SNS also has lists (`String.Array`), written as JSON. */
export function validAttributes(given: unknown): MessageAttributes {
  const attributes = (given ?? {}) as MessageAttributes;
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    if (!/^(String|Number|Binary|String\.Array)$/.test(DataType ?? ''))
      throw invalid(
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    if (!(DataType === 'Binary' ? BinaryValue : StringValue))
      throw invalid(`The message attribute '${name}' must contain non-empty message attribute value.`);
  }
  return attributes;
}

/** As a notification carries them. */
export function shownAttributes(attributes: MessageAttributes): object {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? BinaryValue },
    ]),
  );
}

function invalid(why: string): AwsError {
  return new AwsError('ParameterValueInvalid', why);
}
