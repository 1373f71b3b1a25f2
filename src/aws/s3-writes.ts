import type { BucketLocationConstraint } from '@aws-sdk/client-s3';
import { isCode, unlessAbsent } from './errors.js';
import type { AwsSession } from './session.js';
import { type Tags, tagList } from './tags.js';

export function s3Writes(session: AwsSession) {
  return {
    /** Makes the bucket; one that is ours already is fine. 'taken': another account has the name. */
    createBucket(name: string): Promise<'ours' | 'taken'> {
      return session.call('s3', 's3:CreateBucket', async (client) => {
        try {
          await client.createBucket({
            Bucket: name,
            // us-east-1 is the one region that must not be named.
            ...(session.region === 'us-east-1'
              ? {}
              : {
                  CreateBucketConfiguration: {
                    LocationConstraint: session.region as BucketLocationConstraint,
                  },
                }),
          });
        } catch (error) {
          if (isCode(error, 'BucketAlreadyOwnedByYou')) return 'ours';
          if (isCode(error, 'BucketAlreadyExists')) return 'taken';
          throw error;
        }
        return 'ours';
      });
    },

    async blockPublicAccess(bucket: string): Promise<void> {
      await session.call('s3', 's3:PutBucketPublicAccessBlock', (client) =>
        client.putPublicAccessBlock({
          Bucket: bucket,
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
        }),
      );
    },

    /** With keys of S3's own. */
    async encryptBucket(bucket: string): Promise<void> {
      await session.call('s3', 's3:PutEncryptionConfiguration', (client) =>
        client.putBucketEncryption({
          Bucket: bucket,
          ServerSideEncryptionConfiguration: {
            Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
          },
        }),
      );
    },

    async versionBucket(bucket: string): Promise<void> {
      await session.call('s3', 's3:PutBucketVersioning', (client) =>
        client.putBucketVersioning({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }),
      );
    },

    /** Replaces all tags: give what was there too. */
    async setBucketTags(bucket: string, tags: Tags): Promise<void> {
      await session.call('s3', 's3:PutBucketTagging', (client) =>
        client.putBucketTagging({ Bucket: bucket, Tagging: { TagSet: tagList(tags) } }),
      );
    },

    async putObject(bucket: string, key: string, body: Uint8Array, contentType: string): Promise<void> {
      await session.call('s3', 's3:PutObject', (client) =>
        client.putObject({
          Bucket: bucket,
          Key: key,
          Body: body,
          ContentType: contentType,
          ServerSideEncryption: 'AES256',
        }),
      );
    },

    async deleteObject(bucket: string, key: string): Promise<void> {
      await session.call('s3', 's3:DeleteObject', (client) =>
        client.deleteObject({ Bucket: bucket, Key: key }),
      );
    },

    /** Deletes every version of every object below the prefix. Returns how many. */
    async deleteVersions(bucket: string, prefix: string): Promise<number> {
      return session.call('s3', 's3:DeleteObjectVersion', async (client) => {
        let count = 0;
        for (;;) {
          const page = await unlessAbsent(
            client.listObjectVersions({ Bucket: bucket, Prefix: prefix, MaxKeys: 1000 }),
            'NoSuchBucket',
          );
          const objects = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])].map(
            ({ Key, VersionId }) => ({
              Key,
              VersionId,
            }),
          );
          if (objects.length === 0) return count;
          const answer = await client.deleteObjects({
            Bucket: bucket,
            Delete: { Objects: objects, Quiet: true },
          });
          const failed = answer.Errors?.[0];
          if (failed) throw new Error(`S3 did not delete ${failed.Key}: ${failed.Message} (${failed.Code})`);
          count += objects.length;
        }
      });
    },

    /** Must be empty. One that is gone is fine. */
    async deleteBucket(bucket: string): Promise<void> {
      await session.call('s3', 's3:DeleteBucket', (client) =>
        unlessAbsent(client.deleteBucket({ Bucket: bucket }), 'NoSuchBucket', 'NotFound'),
      );
    },
  };
}
