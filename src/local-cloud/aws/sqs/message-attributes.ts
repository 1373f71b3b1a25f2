import { createHash } from 'node:crypto';
import { invalidParameter } from './errors.js';
import type { MessageAttribute } from './records.js';

export function md5(text: string): string {
  return createHash('md5').update(text, 'utf8').digest('hex');
}

/**
 * MD5 of message attributes, as SDKs compute it to verify: by name, each of name, type and value with its
 * length in four bytes, the value marked 1 (text) or 2 (bytes). Undefined for none.
 */
export function md5OfAttributes(attributes: Record<string, MessageAttribute>): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const part = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const attribute = attributes[name] as MessageAttribute;
    part(Buffer.from(name));
    part(Buffer.from(attribute.DataType));
    const binary = attribute.DataType.startsWith('Binary');
    hash.update(Buffer.from([binary ? 2 : 1]));
    part(valueBytes(attribute));
  }
  return hash.digest('hex');
}

/** Bytes that attributes count towards the message's size: names, types and values. */
export function sizeOfAttributes(attributes: Record<string, MessageAttribute>): number {
  let size = 0;
  for (const [name, attribute] of Object.entries(attributes))
    size += Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType) + valueBytes(attribute).length;
  return size;
}

export function checkAttributes(attributes: Record<string, MessageAttribute>): void {
  const names = Object.keys(attributes);
  if (names.length > 10)
    throw invalidParameter(
      `Number of message attributes [${names.length}] exceeds the allowed maximum [10].`,
    );
  for (const name of names) {
    if (!/^[A-Za-z0-9_.-]{1,256}$/.test(name) || /^\.|\.$|\.\./.test(name) || /^(aws|amazon)\./i.test(name))
      throw invalidParameter(`Message (user) attribute name '${name}' is invalid.`);
    checkValue(name, attributes[name] as MessageAttribute);
  }
}

function checkValue(name: string, attribute: MessageAttribute): void {
  const type = attribute.DataType;
  if (!type) throw invalidParameter(`The message attribute '${name}' must contain a message attribute type.`);
  const base = /^(String|Number|Binary)(\..{1,249})?$/.exec(type)?.[1];
  if (!base)
    throw invalidParameter(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  const value = base === 'Binary' ? attribute.BinaryValue : attribute.StringValue;
  if (!value)
    throw invalidParameter(
      `Message (user) attribute '${name}' must contain a non-empty value of type '${base}'.`,
    );
  if (base === 'Number' && !Number.isFinite(Number(value)))
    throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`);
}

/** The attributes that MessageAttributeNames asks for: names, `All`, `.*`, or a prefix `bar.*`. */
export function selectAttributes(
  attributes: Record<string, MessageAttribute>,
  wanted: string[],
): Record<string, MessageAttribute> {
  if (wanted.includes('All') || wanted.includes('.*')) return attributes;
  const prefixes = wanted.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -1));
  return Object.fromEntries(
    Object.entries(attributes).filter(
      ([name]) => wanted.includes(name) || prefixes.some((prefix) => name.startsWith(prefix)),
    ),
  );
}

function valueBytes(attribute: MessageAttribute): Buffer {
  if (attribute.DataType.startsWith('Binary')) return Buffer.from(attribute.BinaryValue ?? '', 'base64');
  return Buffer.from(attribute.StringValue ?? '');
}
