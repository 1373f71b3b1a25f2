import { createHash } from 'node:crypto';
import { crc32, crc32c, crc64Nvme } from '../../kernel/crc.js';
import { AwsError } from '../../kernel/service.js';

/** The algorithms of S3's additional checksums, as their headers end: `x-amz-checksum-<name>`. */
export const ALGORITHMS = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

export interface Checksum {
  algorithm: Algorithm;
  /** Base64; of parts, with their number behind it. */
  value: string;
  /** Of the whole object's bytes, or of the checksums of its parts. */
  type: 'FULL_OBJECT' | 'COMPOSITE';
}

const LENGTHS: Record<Algorithm, number> = { crc32: 4, crc32c: 4, crc64nvme: 8, sha1: 20, sha256: 32 };

export function digest(algorithm: Algorithm, content: Uint8Array): Buffer {
  if (algorithm === 'sha1' || algorithm === 'sha256') return createHash(algorithm).update(content).digest();
  if (algorithm === 'crc64nvme') return crc64Nvme(content);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(algorithm === 'crc32' ? crc32(content) : crc32c(content));
  return bytes;
}

/** Verifies every checksum that was stated; the one to keep, S3's own choice when there was none. Throws as S3 does. */
export function verify(content: Buffer, stated: Record<string, string>): Checksum {
  verifyMd5(content, stated['content-md5']);
  const given = ALGORITHMS.filter((name) => stated[`x-amz-checksum-${name}`] !== undefined);
  if (given.length > 1)
    throw new AwsError(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  const algorithm = given[0] ?? 'crc64nvme';
  const value = digest(algorithm, content).toString('base64');
  const wanted = stated[`x-amz-checksum-${algorithm}`];
  if (wanted !== undefined && !isBase64Of(wanted, LENGTHS[algorithm]))
    throw new AwsError('InvalidRequest', `Value for x-amz-checksum-${algorithm} header is invalid.`);
  if (wanted !== undefined && wanted !== value)
    throw new AwsError(
      'BadDigest',
      `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
    );
  return { algorithm, value, type: 'FULL_OBJECT' };
}

function verifyMd5(content: Buffer, stated: string | undefined): void {
  if (stated === undefined) return;
  if (!isBase64Of(stated, 16))
    throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.', 400, {
      'Content-MD5': stated,
    });
  const calculated = createHash('md5').update(content).digest('base64');
  if (stated !== calculated)
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.', 400, {
      ExpectedDigest: stated,
      CalculatedDigest: calculated,
    });
}

function isBase64Of(text: string, bytes: number): boolean {
  const decoded = Buffer.from(text, 'base64');
  return decoded.length === bytes && decoded.toString('base64') === text;
}

export function checksumHeaders(checksum: Checksum | null | undefined): Record<string, string> {
  if (!checksum) return {};
  return {
    [`x-amz-checksum-${checksum.algorithm}`]: checksum.value,
    'x-amz-checksum-type': checksum.type,
  };
}

/** `ChecksumSHA256` and its like, for XML. */
export function checksumFields(checksum: Checksum | null | undefined): Record<string, string> {
  if (!checksum) return {};
  return { [`Checksum${checksum.algorithm.toUpperCase()}`]: checksum.value, ChecksumType: checksum.type };
}
