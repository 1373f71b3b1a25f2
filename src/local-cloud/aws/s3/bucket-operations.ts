import { FlatList } from '../../kernel/protocols/xml.js';
import { AwsError, type Call, type Operation, RawResponse } from '../../kernel/service.js';
import { empty, textOf, xml } from './answers.js';
import { type Buckets, OWNER } from './buckets.js';

interface OnBucket {
  Bucket: string;
  Body?: Uint8Array;
}

/** A bucket's settings that are kept as they were put: query parameter, IAM action, and the error when absent. */
const SETTINGS: Record<
  string,
  { operation: string; action: string; absent: string | null; message: string }
> = {
  versioning: { operation: 'BucketVersioning', action: 'BucketVersioning', absent: null, message: '' },
  encryption: {
    operation: 'BucketEncryption',
    action: 'EncryptionConfiguration',
    absent: 'ServerSideEncryptionConfigurationNotFoundError',
    message: 'The server side encryption configuration was not found',
  },
  publicAccessBlock: {
    operation: 'PublicAccessBlock',
    action: 'BucketPublicAccessBlock',
    absent: 'NoSuchPublicAccessBlockConfiguration',
    message: 'The public access block configuration was not found',
  },
  tagging: {
    operation: 'BucketTagging',
    action: 'BucketTagging',
    absent: 'NoSuchTagSet',
    message: 'The TagSet does not exist',
  },
  lifecycle: {
    operation: 'BucketLifecycleConfiguration',
    action: 'LifecycleConfiguration',
    absent: 'NoSuchLifecycleConfiguration',
    message: 'The lifecycle configuration does not exist',
  },
  policy: {
    operation: 'BucketPolicy',
    action: 'BucketPolicy',
    absent: 'NoSuchBucketPolicy',
    message: 'The bucket policy does not exist',
  },
};
const DELETABLE = ['encryption', 'publicAccessBlock', 'tagging', 'lifecycle', 'policy'];

export const bucketArn = ({ Bucket }: Partial<OnBucket>) => `arn:aws:s3:::${Bucket ?? ''}`;

export const bucketSettingRoutes = Object.entries(SETTINGS).flatMap(([query, { operation }]) => [
  {
    method: 'PUT',
    path: '/{Bucket}',
    query: { [query]: true as const },
    operation: `Put${operation}`,
    payload: 'Body',
  },
  { method: 'GET', path: '/{Bucket}', query: { [query]: true as const }, operation: `Get${operation}` },
  ...(DELETABLE.includes(query)
    ? [
        {
          method: 'DELETE',
          path: '/{Bucket}',
          query: { [query]: true as const },
          operation: `Delete${operation}`,
        },
      ]
    : []),
]);

export function bucketOperations(buckets: Buckets): Record<string, Operation> {
  return {
    CreateBucket: { resource: bucketArn, handle: (input: OnBucket, call) => create(buckets, input, call) },
    HeadBucket: {
      action: 's3:ListBucket',
      resource: bucketArn,
      handle: ({ Bucket }: OnBucket, call) =>
        empty(200, { 'x-amz-bucket-region': buckets.bucket(Bucket, call).region }),
    },
    DeleteBucket: {
      resource: bucketArn,
      handle: ({ Bucket }: OnBucket, call) => {
        buckets.bucket(Bucket, call);
        if (buckets.objects(Bucket).length > 0)
          throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, {
            BucketName: Bucket,
          });
        buckets.buckets.delete(Bucket);
        return empty(204);
      },
    },
    ListBuckets: {
      action: 's3:ListAllMyBuckets',
      handle: () => {
        const Bucket = new FlatList(
          buckets.buckets
            .values()
            .map(({ name, created }) => ({ Name: name, CreationDate: new Date(created) })),
        );
        return xml('ListAllMyBucketsResult', { Owner: OWNER, Buckets: { Bucket } });
      },
    },
    GetBucketLocation: {
      resource: bucketArn,
      handle: ({ Bucket }: OnBucket, call) => {
        const { region } = buckets.bucket(Bucket, call);
        const value = region === 'us-east-1' ? '' : region;
        return new RawResponse(
          200,
          { 'content-type': 'application/xml' },
          `<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${value}</LocationConstraint>`,
        );
      },
    },
    ...settingOperations(buckets),
  };
}

function create(buckets: Buckets, { Bucket, Body }: OnBucket, call: Call): RawResponse {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(Bucket))
    throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, {
      BucketName: Bucket,
    });
  if (buckets.buckets.has(Bucket))
    throw new AwsError(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      409,
      { BucketName: Bucket },
    );
  const location = textOf(Buffer.from(Body ?? '').toString('utf8'), 'LocationConstraint') ?? 'us-east-1';
  if (location !== call.region)
    throw new AwsError(
      'IllegalLocationConstraintException',
      `The ${location === 'us-east-1' ? 'unspecified' : location} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
  buckets.buckets.set(Bucket, {
    name: Bucket,
    region: call.region,
    created: call.cloud.clock.now(),
    settings: defaults(),
  });
  return empty(200, { location: `/${Bucket}` });
}

/** Since 2023 every new bucket is encrypted and closed to the public. */
function defaults(): Record<string, string> {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  const all = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets']
    .map((name) => `<${name}>true</${name}>`)
    .join('');
  return {
    encryption: `${head}<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`,
    publicAccessBlock: `${head}<PublicAccessBlockConfiguration>${all}</PublicAccessBlockConfiguration>`,
  };
}

function settingOperations(buckets: Buckets): Record<string, Operation> {
  const operations: Record<string, Operation> = {};
  for (const [query, { operation, action, absent, message }] of Object.entries(SETTINGS)) {
    operations[`Put${operation}`] = {
      action: `s3:Put${action}`,
      resource: bucketArn,
      handle: ({ Bucket, Body }: OnBucket, call) => {
        const bucket = buckets.bucket(Bucket, call);
        buckets.buckets.set(Bucket, {
          ...bucket,
          settings: { ...bucket.settings, [query]: Buffer.from(Body ?? '').toString('utf8') },
        });
        return empty(query === 'tagging' || query === 'policy' ? 204 : 200);
      },
    };
    operations[`Get${operation}`] = {
      action: `s3:Get${action}`,
      resource: bucketArn,
      handle: ({ Bucket }: OnBucket, call) => {
        const setting = buckets.bucket(Bucket, call).settings[query];
        if (setting === undefined && absent) throw new AwsError(absent, message, 404, { BucketName: Bucket });
        const type = query === 'policy' ? 'application/json' : 'application/xml';
        return new RawResponse(
          200,
          { 'content-type': type },
          setting ?? '<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>',
        );
      },
    };
    if (DELETABLE.includes(query))
      operations[`Delete${operation}`] = {
        action: `s3:${query === 'policy' ? 'Delete' : 'Put'}${action}`,
        resource: bucketArn,
        handle: ({ Bucket }: OnBucket, call) => {
          const bucket = buckets.bucket(Bucket, call);
          const { [query]: _removed, ...settings } = bucket.settings;
          buckets.buckets.set(Bucket, { ...bucket, settings });
          return empty(204);
        },
      };
  }
  return operations;
}
