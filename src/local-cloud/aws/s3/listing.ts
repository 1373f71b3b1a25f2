import { FlatList } from '../../kernel/protocols/xml.js';
import { AwsError, type Operation } from '../../kernel/service.js';
import { xml } from './answers.js';
import { bucketArn } from './bucket-operations.js';
import { type Buckets, OWNER } from './buckets.js';

const PAGE = 1000;

export function listingOperations(buckets: Buckets): Record<string, Operation> {
  return {
    ListObjectsV2: {
      action: 's3:ListBucket',
      resource: bucketArn,
      handle: (input: Record<string, string>, call) => {
        const bucket = input.Bucket as string;
        buckets.bucket(bucket, call);
        const prefix = input.prefix ?? '';
        const token = input['continuation-token'];
        const after = token === undefined ? (input['start-after'] ?? '') : keyOf(token);
        const live = buckets
          .objects(bucket)
          .filter(({ key, versions }) => versions[0]?.blob && key.startsWith(prefix) && key > after);
        const size = Math.min(Number(input['max-keys'] ?? PAGE), PAGE);
        const { keys, folders } = grouped(
          live.map(({ key }) => key),
          prefix,
          input.delimiter,
        );
        const page = keys.slice(0, size);
        const truncated = keys.length > size;
        return xml('ListBucketResult', {
          Name: bucket,
          Prefix: prefix,
          ...(input.delimiter ? { Delimiter: input.delimiter } : {}),
          MaxKeys: size,
          KeyCount: page.length + folders.length,
          IsTruncated: truncated,
          ...(truncated ? { NextContinuationToken: tokenOf(page.at(-1) as string) } : {}),
          Contents: new FlatList(page.map((key) => contents(buckets, bucket, key))),
          CommonPrefixes: new FlatList(folders.map((Prefix) => ({ Prefix }))),
        });
      },
    },
    ListObjectVersions: {
      action: 's3:ListBucketVersions',
      resource: bucketArn,
      handle: (input: Record<string, string>, call) => {
        const bucket = input.Bucket as string;
        buckets.bucket(bucket, call);
        const found = buckets
          .objects(bucket)
          .filter(({ key }) => key.startsWith(input.prefix ?? ''))
          .flatMap(({ key, versions }) =>
            versions.map((version, index) => ({ key, version, latest: index === 0 })),
          );
        const start =
          found.findIndex(
            ({ key, version }) => key === input['key-marker'] && version.id === input['version-id-marker'],
          ) + 1;
        const size = Math.min(Number(input['max-keys'] ?? PAGE), PAGE);
        const page = found.slice(start, start + size);
        const truncated = start + size < found.length;
        const last = page.at(-1);
        const shown = page.map(({ key, version, latest }) => ({
          Key: key,
          VersionId: version.id,
          IsLatest: latest,
          LastModified: new Date(version.modified),
          Owner: OWNER,
          // A delete marker has no content to speak of.
          ...(version.blob === null
            ? {}
            : { ETag: `"${version.etag}"`, Size: version.size, StorageClass: 'STANDARD' }),
        }));
        return xml('ListVersionsResult', {
          Name: bucket,
          Prefix: input.prefix ?? '',
          KeyMarker: input['key-marker'] ?? '',
          VersionIdMarker: input['version-id-marker'] ?? '',
          MaxKeys: size,
          IsTruncated: truncated,
          ...(truncated && last ? { NextKeyMarker: last.key, NextVersionIdMarker: last.version.id } : {}),
          Version: new FlatList(shown.filter((version) => 'ETag' in version)),
          DeleteMarker: new FlatList(shown.filter((version) => !('ETag' in version))),
        });
      },
    },
  };
}

const TOKEN = 'after:';

const tokenOf = (key: string): string => Buffer.from(`${TOKEN}${key}`).toString('base64');

function keyOf(token: string): string {
  const text = Buffer.from(token, 'base64').toString('utf8');
  if (text.startsWith(TOKEN) && tokenOf(text.slice(TOKEN.length)) === token) return text.slice(TOKEN.length);
  throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect', 400, {
    ArgumentName: 'continuation-token',
  });
}

function grouped(
  all: string[],
  prefix: string,
  delimiter: string | undefined,
): { keys: string[]; folders: string[] } {
  if (!delimiter) return { keys: all, folders: [] };
  const folders = new Set<string>();
  const keys = all.filter((key) => {
    const end = key.indexOf(delimiter, prefix.length);
    if (end < 0) return true;
    folders.add(key.slice(0, end + delimiter.length));
    return false;
  });
  return { keys, folders: [...folders] };
}

function contents(buckets: Buckets, bucket: string, key: string) {
  const version = buckets.version(bucket, key, undefined);
  return {
    Key: key,
    LastModified: new Date(version.modified),
    ETag: `"${version.etag}"`,
    ...(version.checksum
      ? {
          ChecksumAlgorithm: version.checksum.algorithm.toUpperCase(),
          ChecksumType: version.checksum.type,
        }
      : {}),
    Size: version.size,
    StorageClass: 'STANDARD',
  };
}
