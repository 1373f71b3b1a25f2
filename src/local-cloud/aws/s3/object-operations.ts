import { createHash, randomBytes } from 'node:crypto';
import { FlatList } from '../../kernel/protocols/xml.js';
import { AwsError, type Call, type Operation, RawResponse } from '../../kernel/service.js';
import { empty, textOf, xml } from './answers.js';
import { uploaded } from './body.js';
import { type Buckets, isVersioned } from './buckets.js';
import type { ObjectVersion } from './records.js';

interface OnObject {
  Bucket: string;
  Key: string;
  Body?: Uint8Array;
  versionId?: string;
}

const UNVERSIONED = 'null';
const MAXIMUM_DELETIONS = 1000;

export const objectArn = ({ Bucket, Key }: Partial<OnObject>) => `arn:aws:s3:::${Bucket ?? ''}/${Key ?? ''}`;

export function objectOperations(buckets: Buckets): Record<string, Operation> {
  return {
    PutObject: { resource: objectArn, handle: (input: OnObject, call) => put(buckets, input, call) },
    GetObject: {
      resource: objectArn,
      handle: (input: OnObject, call) => {
        buckets.bucket(input.Bucket, call);
        const version = buckets.version(input.Bucket, input.Key, input.versionId);
        const content = buckets.cloud.store.blob(version.blob);
        if (!content)
          throw new AwsError(
            'InternalError',
            `The content of ${input.Key} is missing from the local cloud's state.`,
            500,
          );
        return ranged(content, version, call);
      },
    },
    HeadObject: {
      action: 's3:GetObject',
      resource: objectArn,
      handle: (input: OnObject, call) => {
        buckets.bucket(input.Bucket, call);
        const version = buckets.version(input.Bucket, input.Key, input.versionId);
        return empty(200, { ...headersOf(version), 'content-length': String(version.size) });
      },
    },
    DeleteObject: {
      resource: objectArn,
      handle: (input: OnObject, call) => {
        const gone = remove(buckets, input.Bucket, input.Key, input.versionId, call);
        if (!gone) return empty(204);
        const marker = gone.marker ? { 'x-amz-delete-marker': 'true' } : {};
        return empty(204, { 'x-amz-version-id': gone.id, ...marker });
      },
    },
    DeleteObjects: {
      action: 's3:DeleteObject',
      resource: ({ Bucket }: Partial<OnObject>) => `arn:aws:s3:::${Bucket ?? ''}/*`,
      handle: (input: OnObject, call) => removeMany(buckets, input, call),
    },
  };
}

function put(buckets: Buckets, input: OnObject, call: Call): RawResponse {
  const bucket = buckets.bucket(input.Bucket, call);
  const existing = buckets.object(input.Bucket, input.Key);
  const current = existing?.versions[0];
  if (call.headers['if-none-match'] === '*' && current && current.blob !== null)
    throw new AwsError(
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
      412,
    );
  const { content, crc32 } = uploaded(input.Body ?? new Uint8Array(), call);
  const versioned = isVersioned(bucket);
  const version: ObjectVersion = {
    id: versioned ? randomBytes(16).toString('hex') : UNVERSIONED,
    blob: buckets.cloud.store.putBlob(content),
    size: content.length,
    etag: createHash('md5').update(content).digest('hex'),
    modified: call.cloud.clock.now(),
    contentType: call.headers['content-type'] ?? 'binary/octet-stream',
    metadata: metadataOf(call.headers),
    crc32,
  };
  const older = (existing?.versions ?? []).filter((one) => versioned || one.id !== UNVERSIONED);
  buckets.keep({ bucket: input.Bucket, key: input.Key, versions: [version, ...older] });
  return empty(200, {
    etag: `"${version.etag}"`,
    'x-amz-server-side-encryption': 'AES256',
    ...(versioned ? { 'x-amz-version-id': version.id } : {}),
    ...(crc32 ? { 'x-amz-checksum-crc32': crc32 } : {}),
  });
}

function metadataOf(headers: Record<string, string>): Record<string, string> {
  const prefix = 'x-amz-meta-';
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}

function headersOf(version: ObjectVersion): Record<string, string> {
  const own = Object.fromEntries(
    Object.entries(version.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]),
  );
  return {
    ...own,
    etag: `"${version.etag}"`,
    'content-type': version.contentType,
    'last-modified': new Date(version.modified).toUTCString(),
    'accept-ranges': 'bytes',
    'x-amz-server-side-encryption': 'AES256',
    ...(version.id === UNVERSIONED ? {} : { 'x-amz-version-id': version.id }),
  };
}

function ranged(content: Buffer, version: ObjectVersion, call: Call): RawResponse {
  const headers = {
    ...headersOf(version),
    ...(version.crc32 && call.headers['x-amz-checksum-mode']
      ? { 'x-amz-checksum-crc32': version.crc32 }
      : {}),
  };
  const range = /^bytes=(\d+)-(\d*)$/.exec(call.headers.range ?? '');
  if (!range) return new RawResponse(200, headers, content);
  const start = Number(range[1]);
  const end = Math.min(range[2] ? Number(range[2]) : content.length - 1, content.length - 1);
  if (start > end) throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
  const { 'x-amz-checksum-crc32': _whole, ...partial } = headers as Record<string, string>;
  return new RawResponse(
    206,
    { ...partial, 'content-range': `bytes ${start}-${end}/${content.length}` },
    content.subarray(start, end + 1),
  );
}

/** Returns the version that was removed, or the delete marker's, in a versioned bucket. */
function remove(
  buckets: Buckets,
  bucketName: string,
  key: string,
  versionId: string | undefined,
  call: Call,
): { id: string; marker: boolean } | undefined {
  const bucket = buckets.bucket(bucketName, call);
  const object = buckets.object(bucketName, key);
  if (versionId !== undefined) {
    const removed = object?.versions.find((one) => one.id === versionId);
    if (object) buckets.keep({ ...object, versions: object.versions.filter((one) => one !== removed) });
    return { id: versionId, marker: removed?.blob === null };
  }
  if (!isVersioned(bucket)) {
    if (object) buckets.keep({ ...object, versions: [] });
    return undefined;
  }
  const marker: ObjectVersion = {
    id: randomBytes(16).toString('hex'),
    blob: null,
    size: 0,
    etag: '',
    modified: call.cloud.clock.now(),
    contentType: '',
    metadata: {},
    crc32: null,
  };
  buckets.keep({ bucket: bucketName, key, versions: [marker, ...(object?.versions ?? [])] });
  return { id: marker.id, marker: true };
}

function removeMany(buckets: Buckets, input: OnObject, call: Call): RawResponse {
  const { content } = uploaded(input.Body ?? new Uint8Array(), call);
  const document = content.toString('utf8');
  const objects = [...document.matchAll(/<Object>(.*?)<\/Object>/gs)].map((match) => match[1] as string);
  if (objects.length === 0 || objects.length > MAXIMUM_DELETIONS)
    throw new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
  const Deleted = objects.map((object) => {
    const Key = unescapeXml(textOf(object, 'Key') ?? '');
    const VersionId = textOf(object, 'VersionId');
    remove(buckets, input.Bucket, Key, VersionId, call);
    return { Key, VersionId };
  });
  const quiet = textOf(document, 'Quiet') === 'true';
  return xml('DeleteResult', quiet ? {} : { Deleted: new FlatList(Deleted) });
}

function unescapeXml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
