import { createHash } from 'node:crypto';
import { unzipSync, zipSync } from 'fflate';
import { AwsError, type Call, RawResponse } from '../../kernel/service.js';
import type { Store } from '../../kernel/store.js';
import { invalidParameter, unsupported } from './errors.js';
import type { CodeRecord } from './function-record.js';

/** What CreateFunction's `Code` and UpdateFunctionCode's own members have in common. */
export interface CodeInput {
  /** Base64. */
  ZipFile?: string;
  S3Bucket?: string;
  S3Key?: string;
  S3ObjectVersion?: string;
  ImageUri?: string;
}

const MAXIMUM_ZIPPED = 50 * 1024 * 1024;
const MAXIMUM_UNZIPPED = 262_144_000;

/** Fetches the zip, checks that it is one and within limits, and keeps it. */
export async function takeCode(code: CodeInput | undefined, call: Call): Promise<CodeRecord> {
  if (code?.ImageUri !== undefined) throw unsupported(call.operation, 'container images (ImageUri)');
  return keep(call.cloud.store, await zipBytes(code, call));
}

async function zipBytes(code: CodeInput | undefined, call: Call): Promise<Uint8Array> {
  if (code?.ZipFile !== undefined) {
    const bytes = Buffer.from(code.ZipFile, 'base64');
    if (bytes.length > MAXIMUM_ZIPPED)
      throw new AwsError(
        'RequestEntityTooLargeException',
        `Request must be smaller than 69905067 bytes for the ${call.operation} operation`,
        413,
      );
    return bytes;
  }
  if (code?.S3Bucket === undefined || code.S3Key === undefined)
    throw invalidParameter('Please provide a source for function code.');
  return fromS3(code as Required<Pick<CodeInput, 'S3Bucket' | 'S3Key'>> & CodeInput, call);
}

/** Read as the caller: Lambda uses the caller's right to the object, not the function's. */
async function fromS3(
  code: Required<Pick<CodeInput, 'S3Bucket' | 'S3Key'>> & CodeInput,
  call: Call,
): Promise<Uint8Array> {
  const { S3Bucket: Bucket, S3Key: Key, S3ObjectVersion } = code;
  // S3 names the version by its query parameter.
  const input = {
    Bucket,
    Key,
    ...(S3ObjectVersion === undefined ? {} : { versionId: S3ObjectVersion, VersionId: S3ObjectVersion }),
  };
  try {
    const { principal, region } = call;
    const output = await call.cloud.call('s3', 'GetObject', input, { principal, region });
    return objectBytes(output);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const detail = `S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`;
    if (/AccessDenied/.test(error.code))
      throw new AwsError(
        'AccessDeniedException',
        `Your access has been denied by S3, please make sure your request credentials have permission to GetObject for ${Bucket}/${Key}. S3 Error Code: AccessDenied. S3 Error Message: Access Denied`,
        403,
      );
    throw invalidParameter(`Error occurred while GetObject. ${detail}`);
  }
}

function objectBytes(output: unknown): Uint8Array {
  const body = output instanceof RawResponse ? output.body : (output as { Body?: Uint8Array | string }).Body;
  if (body === undefined) throw new Error('s3:GetObject answered without a body');
  return typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
}

function keep(store: Store, zip: Uint8Array): CodeRecord {
  checkZip(zip);
  return {
    blob: store.putBlob(zip),
    sha256: createHash('sha256').update(zip).digest('base64'),
    size: zip.length,
  };
}

function checkZip(zip: Uint8Array): void {
  let files = 0;
  let unzipped = 0;
  try {
    unzipSync(zip, {
      filter: (file) => {
        files += 1;
        unzipped += file.originalSize;
        return false;
      },
    });
  } catch {
    throw invalidParameter(
      'Could not unzip uploaded file. Please check your file, then try to upload again.',
    );
  }
  if (files === 0) throw invalidParameter('Uploaded file must be a non-empty zip');
  if (unzipped > MAXIMUM_UNZIPPED)
    throw invalidParameter(`Unzipped size must be smaller than ${MAXIMUM_UNZIPPED} bytes`);
}

/** CloudFormation's inline source: it becomes `index.js`, so CommonJS. Deterministic, so that equal source is equal code. */
export function zipInlineSource(source: string, runtime: string): string {
  const name = runtime.startsWith('python') ? 'index.py' : 'index.js';
  return Buffer.from(
    zipSync({ [name]: Buffer.from(source, 'utf8') }, { mtime: '1980-01-01T00:00:00' }),
  ).toString('base64');
}
