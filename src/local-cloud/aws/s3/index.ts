import type { LocalCloud } from '../../kernel/cloud.js';
import type { ServiceFactory } from '../../kernel/service.js';
import { bucketOperations, bucketSettingRoutes } from './bucket-operations.js';
import { Buckets } from './buckets.js';
import { listingOperations } from './listing.js';
import { multipartOperations, multipartRoutes } from './multipart.js';
import { objectOperations } from './object-operations.js';

/** Amazon S3, as far as uploading artifacts goes: buckets with their settings, objects with versions. Path style. */
export const s3Service: ServiceFactory = (cloud: LocalCloud) => {
  const buckets = new Buckets(cloud);
  return {
    name: 's3',
    protocol: 'rest-xml',
    operations: {
      ...bucketOperations(buckets),
      ...objectOperations(buckets),
      ...multipartOperations(buckets),
      ...listingOperations(buckets),
    },
    routes: [
      ...bucketSettingRoutes,
      ...multipartRoutes,
      { method: 'GET', path: '/', operation: 'ListBuckets' },
      { method: 'GET', path: '/{Bucket}', query: { location: true }, operation: 'GetBucketLocation' },
      { method: 'GET', path: '/{Bucket}', query: { 'list-type': '2' }, operation: 'ListObjectsV2' },
      { method: 'GET', path: '/{Bucket}', query: { versions: true }, operation: 'ListObjectVersions' },
      {
        method: 'POST',
        path: '/{Bucket}',
        query: { delete: true },
        operation: 'DeleteObjects',
        payload: 'Body',
      },
      { method: 'PUT', path: '/{Bucket}', operation: 'CreateBucket', payload: 'Body' },
      { method: 'HEAD', path: '/{Bucket}', operation: 'HeadBucket' },
      { method: 'DELETE', path: '/{Bucket}', operation: 'DeleteBucket' },
      { method: 'PUT', path: '/{Bucket}/{Key+}', operation: 'PutObject', payload: 'Body' },
      { method: 'GET', path: '/{Bucket}/{Key+}', operation: 'GetObject' },
      { method: 'HEAD', path: '/{Bucket}/{Key+}', operation: 'HeadObject' },
      { method: 'DELETE', path: '/{Bucket}/{Key+}', operation: 'DeleteObject' },
    ],
  };
};
