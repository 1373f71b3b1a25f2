import { createHash, randomBytes } from 'node:crypto';
import { FlatList } from '../../kernel/protocols/xml.js';
import { AwsError, type Call, type Operation, RawResponse, type Route } from '../../kernel/service.js';
import { empty, textOf, xml } from './answers.js';
import { uploaded } from './body.js';
import { bucketArn } from './bucket-operations.js';
import { type Buckets, OWNER } from './buckets.js';
import {
  ALGORITHMS,
  type Algorithm,
  type Checksum,
  checksumFields,
  checksumHeaders,
  digest,
} from './checksums.js';
import { metadataOf, type OnObject, objectArn, storeVersion } from './object-operations.js';
import type { Part, Upload } from './records.js';

/** Bytes; every part but the last has at least so many. */
const SMALLEST_PART = 5 * 1024 * 1024;

interface OnUpload extends OnObject {
  uploadId: string;
  partNumber?: string;
}

export const multipartRoutes: Route[] = [
  { method: 'POST', path: '/{Bucket}/{Key+}', query: { uploads: true }, operation: 'CreateMultipartUpload' },
  {
    method: 'PUT',
    path: '/{Bucket}/{Key+}',
    query: { uploadId: true, partNumber: true },
    operation: 'UploadPart',
    payload: 'Body',
  },
  {
    method: 'POST',
    path: '/{Bucket}/{Key+}',
    query: { uploadId: true },
    operation: 'CompleteMultipartUpload',
    payload: 'Body',
  },
  {
    method: 'DELETE',
    path: '/{Bucket}/{Key+}',
    query: { uploadId: true },
    operation: 'AbortMultipartUpload',
  },
  { method: 'GET', path: '/{Bucket}/{Key+}', query: { uploadId: true }, operation: 'ListParts' },
  { method: 'GET', path: '/{Bucket}', query: { uploads: true }, operation: 'ListMultipartUploads' },
];

/** Multipart uploads: parts are kept by number until the upload is completed or aborted. */
export function multipartOperations(buckets: Buckets): Record<string, Operation> {
  const { uploads } = buckets;
  const write = { action: 's3:PutObject', resource: objectArn };
  return {
    CreateMultipartUpload: {
      ...write,
      handle: (input: OnObject, call) => {
        buckets.bucket(input.Bucket, call);
        const upload: Upload = {
          id: randomBytes(24).toString('base64url'),
          bucket: input.Bucket,
          key: input.Key,
          created: call.cloud.clock.now(),
          contentType: call.headers['content-type'] ?? 'binary/octet-stream',
          metadata: metadataOf(call.headers),
          ...checksumAsked(call),
          parts: {},
        };
        uploads.set(upload.id, upload);
        const answer = xml('InitiateMultipartUploadResult', {
          Bucket: upload.bucket,
          Key: upload.key,
          UploadId: upload.id,
        });
        return new RawResponse(200, { ...answer.headers, ...algorithmHeaders(upload) }, answer.body);
      },
    },
    UploadPart: {
      ...write,
      handle: (input: OnUpload, call) => {
        const upload = find(buckets, input, call);
        const number = Number(input.partNumber);
        if (!Number.isInteger(number) || number < 1 || number > 10_000)
          throw new AwsError(
            'InvalidArgument',
            'Part number must be an integer between 1 and 10000, inclusive',
            400,
            { ArgumentName: 'partNumber', ArgumentValue: input.partNumber },
          );
        const { content, checksum } = uploaded(input.Body ?? new Uint8Array(), call);
        const part: Part = {
          blob: buckets.cloud.store.putBlob(content),
          size: content.length,
          etag: createHash('md5').update(content).digest('hex'),
          modified: call.cloud.clock.now(),
          checksum: partChecksum(upload, content, checksum),
        };
        uploads.set(upload.id, { ...upload, parts: { ...upload.parts, [number]: part } });
        const { 'x-amz-checksum-type': _, ...headers } = checksumHeaders(part.checksum);
        return empty(200, { etag: `"${part.etag}"`, 'x-amz-server-side-encryption': 'AES256', ...headers });
      },
    },
    CompleteMultipartUpload: {
      ...write,
      handle: (input: OnUpload, call) => complete(buckets, find(buckets, input, call), input, call),
    },
    AbortMultipartUpload: {
      action: 's3:AbortMultipartUpload',
      resource: objectArn,
      handle: (input: OnUpload, call) => {
        uploads.delete(find(buckets, input, call).id);
        return empty(204);
      },
    },
    ListParts: {
      action: 's3:ListMultipartUploadParts',
      resource: objectArn,
      handle: (input: OnUpload, call) => {
        const upload = find(buckets, input, call);
        const parts = Object.entries(upload.parts).map(([PartNumber, part]) => {
          const { ChecksumType: _, ...checksum } = checksumFields(part.checksum);
          const { size: Size, modified } = part;
          return { PartNumber, LastModified: new Date(modified), ETag: `"${part.etag}"`, Size, ...checksum };
        });
        return xml('ListPartsResult', {
          ...{ Bucket: upload.bucket, Key: upload.key, UploadId: upload.id },
          ...{ Initiator: OWNER, Owner: OWNER, StorageClass: 'STANDARD', IsTruncated: false },
          Part: new FlatList(parts),
        });
      },
    },
    ListMultipartUploads: {
      action: 's3:ListBucketMultipartUploads',
      resource: bucketArn,
      handle: (input: OnObject, call) => {
        buckets.bucket(input.Bucket, call);
        const found = uploads.values().filter(({ bucket }) => bucket === input.Bucket);
        const shown = found.map(({ key: Key, id: UploadId, created }) => ({
          ...{ Key, UploadId, Initiator: OWNER, Owner: OWNER, StorageClass: 'STANDARD' },
          Initiated: new Date(created),
        }));
        return xml('ListMultipartUploadsResult', {
          ...{ Bucket: input.Bucket, IsTruncated: false },
          Upload: new FlatList(shown),
        });
      },
    },
  };
}

function complete(buckets: Buckets, upload: Upload, input: OnUpload, call: Call): RawResponse {
  const { content: body } = uploaded(input.Body ?? new Uint8Array(), call);
  const named = [...body.toString('utf8').matchAll(/<Part>(.*?)<\/Part>/gs)].map(
    (match) => match[1] as string,
  );
  if (named.length === 0)
    throw new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
  const numbers = named.map((one) => Number(textOf(one, 'PartNumber')));
  if (numbers.some((number, index) => index > 0 && number <= (numbers[index - 1] as number)))
    throw new AwsError(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    );
  const parts = named.map((one, index) => {
    const part = upload.parts[numbers[index] as number];
    const etag = (textOf(one, 'ETag') ?? '').replaceAll(/&quot;|&#34;|"/g, '');
    if (part?.etag === etag) return part;
    throw new AwsError(
      'InvalidPart',
      "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      400,
      { UploadId: upload.id, PartNumber: numbers[index], ETag: etag },
    );
  });
  const small = parts.slice(0, -1).find(({ size }) => size < SMALLEST_PART);
  if (small)
    throw new AwsError(
      'EntityTooSmall',
      'Your proposed upload is smaller than the minimum allowed size',
      400,
      {
        ProposedSize: small.size,
        MinSizeAllowed: SMALLEST_PART,
      },
    );
  const content = Buffer.concat(parts.map(({ blob }) => buckets.cloud.store.blob(blob) ?? Buffer.alloc(0)));
  const checksum = wholeChecksum(upload, parts, content);
  const etag = `${md5OfMd5s(parts)}-${parts.length}`;
  const { contentType, metadata } = upload;
  const kept = storeVersion(buckets, input, call, { content, etag, contentType, metadata, checksum });
  buckets.uploads.delete(upload.id);
  const answer = xml('CompleteMultipartUploadResult', {
    Location: `${call.cloud.addresses.aws}/${upload.bucket}/${encodeURIComponent(upload.key)}`,
    ...{ Bucket: upload.bucket, Key: upload.key, ETag: `"${etag}"`, ...checksumFields(checksum) },
  });
  return new RawResponse(200, { ...kept, ...answer.headers }, answer.body);
}

function find(buckets: Buckets, { Bucket, Key, uploadId }: OnUpload, call: Call): Upload {
  buckets.bucket(Bucket, call);
  const upload = buckets.uploads.get(uploadId);
  if (upload && upload.bucket === Bucket && upload.key === Key) return upload;
  throw new AwsError(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    404,
    { UploadId: uploadId },
  );
}

function checksumAsked({ headers }: Call): Pick<Upload, 'algorithm' | 'checksumType'> {
  const asked = headers['x-amz-checksum-algorithm']?.toLowerCase();
  const algorithm = ALGORITHMS.find((one) => one === asked);
  if (asked !== undefined && !algorithm)
    throw new AwsError(
      'InvalidRequest',
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    );
  if (!algorithm) return {};
  const whole = algorithm === 'crc64nvme' || headers['x-amz-checksum-type'] === 'FULL_OBJECT';
  return { algorithm, checksumType: whole ? 'FULL_OBJECT' : 'COMPOSITE' };
}

function algorithmHeaders({ algorithm, checksumType }: Upload): Record<string, string> {
  if (!algorithm || !checksumType) return {};
  return { 'x-amz-checksum-algorithm': algorithm.toUpperCase(), 'x-amz-checksum-type': checksumType };
}

/** In the upload's algorithm, whatever the part came with. */
function partChecksum(upload: Upload, content: Buffer, given: Checksum): Checksum {
  if (!upload.algorithm || given.algorithm === upload.algorithm) return given;
  const value = digest(upload.algorithm, content).toString('base64');
  return { algorithm: upload.algorithm, value, type: 'FULL_OBJECT' };
}

function wholeChecksum(upload: Upload, parts: Part[], content: Buffer): Checksum {
  const algorithm: Algorithm = upload.algorithm ?? 'crc64nvme';
  if (upload.checksumType !== 'COMPOSITE')
    return { algorithm, value: digest(algorithm, content).toString('base64'), type: 'FULL_OBJECT' };
  const all = Buffer.concat(parts.map(({ checksum }) => Buffer.from(checksum.value, 'base64')));
  return {
    algorithm,
    value: `${digest(algorithm, all).toString('base64')}-${parts.length}`,
    type: 'COMPOSITE',
  };
}

function md5OfMd5s(parts: Part[]): string {
  return createHash('md5')
    .update(Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, 'hex'))))
    .digest('hex');
}
