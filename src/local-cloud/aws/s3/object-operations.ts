import { createHash, randomBytes } from 'node:crypto';
import { FlatList } from '../../kernel/protocols/xml.js';
import { AwsError, type Call, type Operation, RawResponse } from '../../kernel/service.js';
import { empty, textOf, xml } from './answers.js';
import { uploaded } from './body.js';
import { type Buckets, isVersioned } from './buckets.js';
import { type Checksum, checksumHeaders } from './checksums.js';
import { conditionalAnswer, names, preconditionFailed } from './conditions.js';
import type { ObjectVersion } from './records.js';

export interface OnObject {
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
        const headers = headersOf(version, call);
        return conditionalAnswer(version, headers, call) ?? ranged(content, headers, call);
      },
    },
    HeadObject: {
      action: 's3:GetObject',
      resource: objectArn,
      handle: (input: OnObject, call) => {
        buckets.bucket(input.Bucket, call);
        const version = buckets.version(input.Bucket, input.Key, input.versionId);
        const headers = headersOf(version, call);
        return (
          conditionalAnswer(version, headers, call) ??
          empty(200, { ...headers, 'content-length': String(version.size) })
        );
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
  buckets.bucket(input.Bucket, call);
  const { content, checksum } = uploaded(input.Body ?? new Uint8Array(), call);
  const kept = storeVersion(buckets, input, call, {
    content,
    checksum,
    etag: createHash('md5').update(content).digest('hex'),
    contentType: call.headers['content-type'] ?? 'binary/octet-stream',
    metadata: metadataOf(call.headers),
  });
  return empty(200, kept);
}

/** Keeps an object's newest version unless a condition of the call forbids it; what the answer's headers say of it. */
export function storeVersion(
  buckets: Buckets,
  input: OnObject,
  call: Call,
  made: Pick<ObjectVersion, 'etag' | 'contentType' | 'metadata'> & { content: Buffer; checksum: Checksum },
): Record<string, string> {
  const bucket = buckets.bucket(input.Bucket, call);
  const existing = buckets.object(input.Bucket, input.Key);
  checkWriteConditions(existing?.versions[0], input, call);
  const { content, ...properties } = made;
  const versioned = isVersioned(bucket);
  const version: ObjectVersion = {
    id: versioned ? randomBytes(16).toString('hex') : UNVERSIONED,
    blob: buckets.cloud.store.putBlob(content),
    size: content.length,
    modified: call.cloud.clock.now(),
    ...properties,
  };
  const older = (existing?.versions ?? []).filter((one) => versioned || one.id !== UNVERSIONED);
  buckets.keep({ bucket: input.Bucket, key: input.Key, versions: [version, ...older] });
  return {
    etag: `"${version.etag}"`,
    'x-amz-server-side-encryption': 'AES256',
    ...(versioned ? { 'x-amz-version-id': version.id } : {}),
    ...checksumHeaders(version.checksum),
  };
}

function checkWriteConditions(
  current: ObjectVersion | undefined,
  { Key }: OnObject,
  { headers }: Call,
): void {
  const there = current && current.blob !== null ? current : undefined;
  if (headers['if-none-match'] === '*' && there) throw preconditionFailed('If-None-Match');
  const wanted = headers['if-match'];
  if (wanted === undefined) return;
  if (!there) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key });
  if (!names(wanted, there)) throw preconditionFailed('If-Match');
}

export function metadataOf(headers: Record<string, string>): Record<string, string> {
  const prefix = 'x-amz-meta-';
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}

function headersOf(version: ObjectVersion, call: Call): Record<string, string> {
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
    // A checksum is of the whole: who asks for a range does not get it.
    ...(call.headers['x-amz-checksum-mode'] && call.headers.range === undefined
      ? checksumHeaders(version.checksum)
      : {}),
  };
}

function ranged(content: Buffer, headers: Record<string, string>, call: Call): RawResponse {
  const range = /^bytes=(\d+)-(\d*)$/.exec(call.headers.range ?? '');
  if (!range) return new RawResponse(200, headers, content);
  const start = Number(range[1]);
  const end = Math.min(range[2] ? Number(range[2]) : content.length - 1, content.length - 1);
  if (start > end) throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
  return new RawResponse(
    206,
    { ...headers, 'content-range': `bytes ${start}-${end}/${content.length}` },
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
