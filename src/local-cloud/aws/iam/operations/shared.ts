import { ACCOUNT } from '../../../kernel/cloud.js';
import { AwsError, type Call } from '../../../kernel/service.js';
import { type IamState, noSuchEntity, OPERATOR_NAME, type Tag } from '../state.js';

const NAME = /^[\w+=,.@-]+$/;
const PATH = /^(\/|\/[\x21-\x7f]+\/)$/;

/** Throws `ValidationError` in IAM's words unless the name is one. */
export function validName(value: unknown, member: string, maximum: number): string {
  const name = typeof value === 'string' ? value : '';
  if (name === '') throw constraint(member, name, 'Member must have length greater than or equal to 1');
  if (name.length > maximum)
    throw constraint(member, name, `Member must have length less than or equal to ${maximum}`);
  if (!NAME.test(name))
    throw new AwsError(
      'ValidationError',
      `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  return name;
}

export function validPath(value: unknown): string {
  const path = value === undefined ? '/' : String(value);
  if (!PATH.test(path) || path.length > 512)
    throw new AwsError(
      'ValidationError',
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    );
  return path;
}

function constraint(member: string, value: string, rule: string): AwsError {
  return new AwsError(
    'ValidationError',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`,
  );
}

export function limitExceeded(message: string): AwsError {
  return new AwsError('LimitExceeded', message, 409);
}

/** Policies count without white space, as in IAM. */
export function withinSize(document: string, maximum: number, what: string): void {
  if (document.replace(/\s/g, '').length > maximum)
    throw limitExceeded(`Maximum policy size of ${maximum} bytes exceeded for ${what}`);
}

/** IAM returns policy documents URL-encoded (RFC 3986). */
export function encodeDocument(document: string): string {
  return encodeURIComponent(document).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** `Marker`, `MaxItems` and `IsTruncated` over a list in stable order. */
export function page<T>(items: T[], input: { Marker?: string; MaxItems?: string | number }) {
  const size = input.MaxItems === undefined ? 100 : Number(input.MaxItems);
  if (!Number.isInteger(size) || size < 1 || size > 1000)
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${String(input.MaxItems)}' at 'maxItems' failed to satisfy constraint: Member must have value between 1 and 1000`,
    );
  const start = input.Marker === undefined ? 0 : Number(Buffer.from(input.Marker, 'base64').toString());
  if (!Number.isInteger(start)) throw new AwsError('ValidationError', `Invalid Marker: ${input.Marker}`);
  const more = start + size < items.length;
  return {
    items: items.slice(start, start + size),
    rest: {
      IsTruncated: more,
      ...(more ? { Marker: Buffer.from(String(start + size)).toString('base64') } : {}),
    },
  };
}

/** A list member: the query protocol writes an empty list as an empty string. */
export function list<T>(value: T[] | undefined | ''): T[] {
  return Array.isArray(value) ? value : [];
}

/** Checks tags as a caller gives them. Only AWS's own services may set `aws:` tags. */
export function validTags(value: unknown, call: Call): Tag[] {
  const tags = list(value as Tag[]).map(({ Key, Value }) => ({
    Key: String(Key),
    Value: String(Value ?? ''),
  }));
  const seen = new Set<string>();
  for (const { Key, Value } of tags) {
    if (Key.length < 1 || Key.length > 128 || Value.length > 256)
      throw new AwsError(
        'ValidationError',
        `The tag ${Key} is too long: keys have 1 to 128 characters, values at most 256.`,
      );
    if (seen.has(Key.toLowerCase()))
      throw new AwsError(
        'InvalidInput',
        'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
      );
    if (/^aws:/i.test(Key) && call.headers.host !== undefined)
      throw new AwsError('InvalidInput', 'Caller is an end user and not allowed to mutate system tags.');
    seen.add(Key.toLowerCase());
  }
  return tags;
}

/** Later tags replace earlier ones of the same key. */
export function mergedTags(current: Tag[], added: Tag[]): Tag[] {
  const keys = new Set(added.map(({ Key }) => Key.toLowerCase()));
  const merged = [...current.filter(({ Key }) => !keys.has(Key.toLowerCase())), ...added];
  if (merged.length > 50 + merged.filter(({ Key }) => Key.startsWith('aws:')).length)
    throw limitExceeded('Cannot exceed quota for TagsPerResource: 50');
  return merged;
}

/** The ARN that an operation on a role or user is authorised on; it may be asked before the entity is known to exist. */
export function identityArn(input: { RoleName?: string; UserName?: string }, state: IamState): string {
  if (input.RoleName === undefined) return `arn:aws:iam::${ACCOUNT}:user/${input.UserName ?? OPERATOR_NAME}`;
  const known = state.roles.get(String(input.RoleName).toLowerCase());
  return known?.arn ?? `arn:aws:iam::${ACCOUNT}:role/${input.RoleName}`;
}

export function noSuchPolicy(arn: string): AwsError {
  return noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
}
