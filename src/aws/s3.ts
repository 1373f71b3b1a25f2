import { isCode, unlessAbsent } from './errors.js';
import { allPages } from './pages.js';
import type { AwsSession } from './session.js';
import { type Tags, tagsOf } from './tags.js';

const ABSENT = ['NotFound', 'NoSuchBucket', '404'];

export interface Bucket {
  name: string;
  versioned: boolean;
  encrypted: boolean;
  publicAccessBlocked: boolean;
  tags: Tags;
}

export interface ObjectHead {
  key: string;
  sizeBytes: number;
  etag: string;
  modifiedAt: string | null;
}

export type BucketOwner = 'ours' | 'absent' | 'another account';

export function s3Reads(session: AwsSession) {
  return {
    /** Whose bucket has this name. `account` is the one whose bucket counts as ours. */
    bucketOwner(name: string, account: string): Promise<BucketOwner> {
      return session.call('s3', 's3:ListBucket', async (client) => {
        try {
          await client.headBucket({ Bucket: name, ExpectedBucketOwner: account });
          return 'ours';
        } catch (error) {
          if (isCode(error, ...ABSENT)) return 'absent';
          // A HEAD has no body to say why: 403 is AWS's answer for a bucket of another account.
          if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 403)
            return 'another account';
          throw error;
        }
      });
    },

    /** How a bucket of ours is set up; undefined when it does not exist. */
    async bucket(name: string): Promise<Bucket | undefined> {
      return session.call('s3', 's3:GetBucketVersioning', async (client) => {
        const versioning = await unlessAbsent(client.getBucketVersioning({ Bucket: name }), ...ABSENT);
        if (!versioning) return undefined;
        const [encryption, block, tagging] = await Promise.all([
          unlessAbsent(
            client.getBucketEncryption({ Bucket: name }),
            'ServerSideEncryptionConfigurationNotFoundError',
          ),
          unlessAbsent(client.getPublicAccessBlock({ Bucket: name }), 'NoSuchPublicAccessBlockConfiguration'),
          unlessAbsent(client.getBucketTagging({ Bucket: name }), 'NoSuchTagSet'),
        ]);
        const blocked = block?.PublicAccessBlockConfiguration;
        return {
          name,
          versioned: versioning.Status === 'Enabled',
          encrypted: (encryption?.ServerSideEncryptionConfiguration?.Rules?.length ?? 0) > 0,
          publicAccessBlocked: Boolean(
            blocked?.BlockPublicAcls &&
              blocked.BlockPublicPolicy &&
              blocked.IgnorePublicAcls &&
              blocked.RestrictPublicBuckets,
          ),
          tags: tagsOf(tagging?.TagSet),
        };
      });
    },

    /** Of every object that has a version, each once. */
    objectKeys(bucket: string): Promise<string[]> {
      return session.call('s3', 's3:ListBucketVersions', async (client) => {
        // Two markers say where a page begins; one text carries both.
        const keys = await allPages(async (token) => {
          const page = await unlessAbsent(
            client.listObjectVersions({ Bucket: bucket, ...(token ? JSON.parse(token) : {}) }),
            ...ABSENT,
          );
          const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page ?? {};
          return {
            items: [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])].map(({ Key }) => Key ?? ''),
            next: page?.IsTruncated ? JSON.stringify({ KeyMarker, VersionIdMarker }) : undefined,
          };
        });
        return [...new Set(keys)];
      });
    },

    headObject(bucket: string, key: string): Promise<ObjectHead | undefined> {
      return session.call('s3', 's3:GetObject', async (client) => {
        const head = await unlessAbsent(
          client.headObject({ Bucket: bucket, Key: key }),
          'NoSuchKey',
          ...ABSENT,
        );
        return (
          head && {
            key,
            sizeBytes: head.ContentLength ?? 0,
            etag: head.ETag ?? '',
            modifiedAt: head.LastModified ? head.LastModified.toISOString() : null,
          }
        );
      });
    },
  };
}
