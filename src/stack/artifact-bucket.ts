import type { s3Reads } from '../aws/s3.js';
import type { s3Writes } from '../aws/s3-writes.js';
import type { Tags } from '../aws/tags.js';
import type { Progress } from '../core/check.js';
import { CachaoError } from '../core/errors.js';
import { type Artifact, artifactBody } from './artifacts.js';

export interface BucketServices {
  s3: ReturnType<typeof s3Reads>;
  s3Writes: ReturnType<typeof s3Writes>;
}

/** Account and region in the name make it nobody else's by chance: bucket names are one for the whole world. */
export function artifactBucketName(account: string, region: string): string {
  return `cachao-artifacts-${account}-${region}`;
}

/** Tags of the bucket: it serves every stage of the account and region. */
export const BUCKET_TAGS: Tags = { ManagedBy: 'cachao', Service: 'cachao', Component: 'artifacts' };

/**
 * Makes sure that the bucket is there, private, encrypted, versioned and tagged, whatever an interrupted run left.
 * @throws CachaoError ARTIFACT_BUCKET_TAKEN
 */
export async function ensureArtifactBucket(
  services: BucketServices,
  bucket: string,
  account: string,
): Promise<void> {
  const { s3, s3Writes } = services;
  const owner = await s3.bucketOwner(bucket, account);
  if (owner === 'another account') throw taken(bucket);
  if (owner === 'absent' && (await s3Writes.createBucket(bucket)) === 'taken') throw taken(bucket);
  const found = await s3.bucket(bucket);
  if (!found?.publicAccessBlocked) await s3Writes.blockPublicAccess(bucket);
  if (!found?.encrypted) await s3Writes.encryptBucket(bucket);
  if (!found?.versioned) await s3Writes.versionBucket(bucket);
  const tags = { ...found?.tags, ...BUCKET_TAGS };
  if (Object.keys(BUCKET_TAGS).some((key) => found?.tags[key] !== tags[key]))
    await s3Writes.setBucketTags(bucket, tags);
}

/** Those whose content is not in the bucket yet. */
export async function missingArtifacts(
  s3: BucketServices['s3'],
  bucket: string,
  artifacts: readonly Artifact[],
): Promise<Artifact[]> {
  const heads = await Promise.all(artifacts.map(({ key }) => s3.headObject(bucket, key)));
  return artifacts.filter((_, index) => heads[index] === undefined);
}

export async function uploadArtifacts(
  services: BucketServices,
  bucket: string,
  artifacts: readonly Artifact[],
  progress: Progress,
): Promise<void> {
  for (const artifact of await missingArtifacts(services.s3, bucket, artifacts)) {
    progress.note(`uploading ${artifact.name} (${Math.ceil(artifact.bytes / 1024)} KB)`);
    await services.s3Writes.putObject(bucket, artifact.key, await artifactBody(artifact), 'application/zip');
  }
}

function taken(bucket: string): CachaoError {
  return new CachaoError({
    code: 'ARTIFACT_BUCKET_TAKEN',
    message: `The bucket ${bucket} exists and this account may not use it.`,
    why: 'Either another account took the name, or a policy keeps you out of your own bucket. Code of our functions must not come from a bucket of another account.',
    next: [
      `See whose it is with \`aws s3api head-bucket --bucket ${bucket}\`, and have s3:ListBucket allowed if it is yours.`,
    ],
  });
}
