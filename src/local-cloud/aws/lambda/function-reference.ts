import { ACCOUNT } from '../../kernel/cloud.js';
import { AwsError } from '../../kernel/service.js';
import { invalidMember, notFound } from './errors.js';

const NAME = /^[a-zA-Z0-9-_]{1,64}$/;
const REFERENCE =
  /^(?:arn:aws:lambda:([a-z0-9-]+):(\d{12}):function:|(\d{12}):function:|function:)?([a-zA-Z0-9-_]+)(?::(\$LATEST|[a-zA-Z0-9-_]+))?$/;

export function functionArn(region: string, name: string): string {
  return `arn:aws:lambda:${region}:${ACCOUNT}:function:${name}`;
}

/** For authorisation, which runs before validation: never throws. */
export function referencedArn(reference: unknown, region: string): string {
  const parsed = REFERENCE.exec(String(reference));
  return parsed
    ? functionArn(parsed[1] ?? region, parsed[4] as string)
    : functionArn(region, String(reference));
}

/**
 * Reads a function's name, partial ARN or ARN, with its qualifier.
 * Throws `ValidationException`, or `ResourceNotFoundException` for another region's function or another qualifier
 * than `$LATEST`.
 */
export function parseReference(reference: unknown, region: string, qualifier?: string): string {
  const text = String(reference ?? '');
  const parsed = REFERENCE.exec(text);
  if (!parsed || !NAME.test(parsed[4] as string))
    throw invalidMember(
      'functionName',
      text,
      'Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?',
    );
  const [, arnRegion, arnAccount, account, name, inReference] = parsed;
  if (arnRegion !== undefined && arnRegion !== region)
    throw notFound(`Functions from '${arnRegion}' are not reachable in this region ('${region}')`);
  const owner = arnAccount ?? account ?? ACCOUNT;
  if (owner !== ACCOUNT)
    throw new AwsError(
      'AccessDeniedException',
      `The local cloud has one account, ${ACCOUNT}; the function belongs to ${owner}.`,
      403,
    );
  const arn = functionArn(region, name as string);
  const wanted = qualifier ?? inReference;
  if (wanted !== undefined && wanted !== '$LATEST') throw notFound(`Function not found: ${arn}:${wanted}`);
  return arn;
}

/** The version or alias that a name or ARN ends with. */
export function qualifierIn(reference: unknown): string | undefined {
  return REFERENCE.exec(String(reference ?? ''))?.[5];
}

/** A new function's name. Throws `ValidationException`. */
export function checkName(name: unknown): string {
  if (typeof name === 'string' && NAME.test(name)) return name;
  throw invalidMember(
    'functionName',
    name,
    typeof name === 'string' && name.length > 64
      ? 'Member must have length less than or equal to 64'
      : 'Member must satisfy regular expression pattern: [a-zA-Z0-9-_]+',
  );
}
