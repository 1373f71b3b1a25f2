import { ACCOUNT, type LocalCloud } from '../../kernel/cloud.js';
import { AwsError, type Call } from '../../kernel/service.js';
import type { Table } from '../../kernel/store.js';
import type { Bucket, ObjectVersion, StoredObject, Upload } from './records.js';

/** The account's canonical user. */
export const OWNER = { ID: '0'.repeat(64) };

/** The state of S3. Names are one namespace for all regions, as in AWS. */
export class Buckets {
  readonly buckets: Table<Bucket>;
  readonly uploads: Table<Upload>;
  private readonly stored: Table<StoredObject>;

  constructor(readonly cloud: LocalCloud) {
    this.buckets = cloud.store.table('s3.buckets');
    this.stored = cloud.store.table('s3.objects');
    this.uploads = cloud.store.table('s3.uploads');
  }

  /** Refuses like AWS where the caller named the owner it expects, and where another region's endpoint is asked. */
  bucket(name: string, call: Call): Bucket {
    const found = this.buckets.get(name);
    if (!found)
      throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
    const expected = call.headers['x-amz-expected-bucket-owner'];
    if (expected !== undefined && expected !== ACCOUNT)
      throw new AwsError('AccessDenied', 'Access Denied', 403);
    if (found.region !== call.region && call.region !== 'us-east-1')
      throw new AwsError(
        'PermanentRedirect',
        'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
        301,
        { Bucket: name },
      );
    return found;
  }

  object(bucket: string, key: string): StoredObject | undefined {
    return this.stored.get(`${bucket}/${key}`);
  }

  keep(object: StoredObject): void {
    const id = `${object.bucket}/${object.key}`;
    if (object.versions.length === 0) this.stored.delete(id);
    else this.stored.set(id, object);
  }

  objects(bucket: string): StoredObject[] {
    return this.stored
      .values()
      .filter((object) => object.bucket === bucket)
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** The version asked for, or the current one. Throws NoSuchKey, NoSuchVersion. */
  version(bucket: string, key: string, versionId: string | undefined): ObjectVersion & { blob: string } {
    const object = this.object(bucket, key);
    const found =
      versionId === undefined ? object?.versions[0] : object?.versions.find((one) => one.id === versionId);
    if (!found && versionId !== undefined && object)
      throw new AwsError('NoSuchVersion', 'The specified version does not exist.', 404, {
        Key: key,
        VersionId: versionId,
      });
    if (!found || found.blob === null)
      throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
    return { ...found, blob: found.blob };
  }
}

export function isVersioned(bucket: Bucket): boolean {
  return /<Status>Enabled<\/Status>/.test(bucket.settings.versioning ?? '');
}
