import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { ALGORITHMS, digest } from '../../src/local-cloud/aws/s3/checksums.js';
import { startTestCloud, type TestCloud } from '../support/local-cloud.js';

const Bucket = 'cachao-artifacts-test';
let cloud: TestCloud;
let s3: S3Client;
beforeAll(async () => {
  cloud = await startTestCloud({ clock: 'manual' });
  s3 = new S3Client(cloud.client);
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' as const };
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
});
afterAll(() => cloud.close());

const text = async (Key: string, VersionId?: string) =>
  (await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString();

test('a streamed upload arrives without its framing, checksum and length intact', async () => {
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 31) % 256));
  const chunks = [bytes.subarray(0, 70_000), bytes.subarray(70_000, 70_001), bytes.subarray(70_001)];
  await s3.send(
    new PutObjectCommand({ Bucket, Key: 'zip', Body: Readable.from(chunks), ContentLength: bytes.length }),
  );
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'zip' }));
  expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
  expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'zip' }))).ContentLength).toBe(bytes.length);
});

test('a wrong checksum is refused, and nothing is stored', async () => {
  const put = new PutObjectCommand({ Bucket, Key: 'bad', Body: 'content', ChecksumCRC32: 'AAAAAA==' });
  await expect(s3.send(put)).rejects.toMatchObject({ name: 'BadDigest' });
  await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'bad' }))).rejects.toMatchObject({
    name: 'NotFound',
  });
});

test('checksums of every algorithm are those that are published for 123456789', () => {
  const known: Record<(typeof ALGORITHMS)[number], string> = {
    crc32: 'cbf43926',
    crc32c: 'e3069283',
    crc64nvme: 'ae8b14860a799888',
    sha1: 'f7c3bc1d808e04732adf679965ccc34ca7ae3441',
    sha256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
  };
  for (const name of ALGORITHMS)
    expect(digest(name, Buffer.from('123456789')).toString('hex')).toBe(known[name]);
});

describe('an upload that states what it is', () => {
  const content = 'content';
  const right = (name: (typeof ALGORITHMS)[number]) => digest(name, Buffer.from(content)).toString('base64');
  /** Headers as they are written: the SDK would correct some. */
  const put = (Key: string, headers: Record<string, string>) =>
    fetch(`${cloud.aws}/${Bucket}/${Key}`, {
      method: 'PUT',
      body: content,
      headers: {
        ...headers,
        authorization: `AWS4-HMAC-SHA256 Credential=${cloud.client.credentials.accessKeyId}/20261128/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=00`,
      },
    });

  it.each(ALGORITHMS)(
    'by %s: the right one is told and kept, a wrong one and nonsense are refused',
    async (name) => {
      const header = `x-amz-checksum-${name}`;
      const stored = await put(`by-${name}`, { [header]: right(name) });
      expect([stored.status, stored.headers.get(header)]).toEqual([200, right(name)]);
      expect(stored.headers.get('x-amz-checksum-type')).toBe('FULL_OBJECT');
      const read = await s3.send(
        new GetObjectCommand({ Bucket, Key: `by-${name}`, ChecksumMode: 'ENABLED' }),
      );
      expect(await read.Body?.transformToString()).toBe(content);
      expect(read).toMatchObject({
        [`Checksum${name.toUpperCase()}`]: right(name),
        ChecksumType: 'FULL_OBJECT',
      });
      const wrong = Buffer.from(right(name), 'base64').fill(1).toString('base64');
      expect(await (await put('wrong', { [header]: wrong })).text()).toContain('<Code>BadDigest</Code>');
      for (const nonsense of ['nonsense', `${right(name)}AAAA`])
        expect(await (await put('wrong', { [header]: nonsense })).text()).toContain(
          `<Code>InvalidRequest</Code><Message>Value for ${header} header is invalid.</Message>`,
        );
    },
  );

  it('by Content-MD5', async () => {
    const md5 = createHash('md5').update(content).digest('base64');
    expect((await put('md5', { 'content-md5': md5 })).status).toBe(200);
    const other = createHash('md5').update('other').digest('base64');
    expect(await (await put('wrong', { 'content-md5': other })).text()).toContain('<Code>BadDigest</Code>');
    expect(await (await put('wrong', { 'content-md5': 'abc' })).text()).toContain(
      '<Code>InvalidDigest</Code>',
    );
  });

  it('by nothing: S3 calculates one itself, and nothing that was refused is there', async () => {
    const stored = await put('plain', {});
    expect(stored.headers.get('x-amz-checksum-crc64nvme')).toBe(right('crc64nvme'));
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'wrong' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });
});

test('conditional reads answer 304 for what is known and 412 for what is not wanted', async () => {
  const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: 'read', Body: 'x' }));
  const get = (input: object) => s3.send(new GetObjectCommand({ Bucket, Key: 'read', ...input }));
  const head = (input: object) => s3.send(new HeadObjectCommand({ Bucket, Key: 'read', ...input }));
  const past = new Date(cloud.cloud.clock.now() - 60_000);
  const future = new Date(cloud.cloud.clock.now() + 60_000);
  for (const read of [get, head]) {
    for (const known of [{ IfNoneMatch: ETag }, { IfNoneMatch: '*' }, { IfModifiedSince: future }])
      await expect(read(known)).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    for (const unwanted of [{ IfMatch: '"other"' }, { IfUnmodifiedSince: past }])
      await expect(read(unwanted)).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
    for (const fine of [
      { IfMatch: ETag },
      { IfNoneMatch: '"other"' },
      { IfModifiedSince: past },
      // The ETag decides.
      { IfMatch: ETag, IfUnmodifiedSince: past },
      { IfNoneMatch: '"other"', IfModifiedSince: future },
    ])
      expect((await read(fine)).ETag).toBe(ETag);
  }
});

test('a continuation token that S3 did not give is refused', async () => {
  for (const ContinuationToken of ['nonsense', Buffer.from('read').toString('base64')])
    await expect(s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken }))).rejects.toMatchObject({
      name: 'InvalidArgument',
      message: 'The continuation token provided is incorrect',
    });
});

describe('a multipart upload', () => {
  const MB = 1024 * 1024;
  const bytes = Buffer.alloc(5 * MB + 10, 'part');
  const create = async (Key: string, more: object = {}) =>
    (await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))).UploadId as string;
  const upload = (Key: string, UploadId: string, PartNumber: number, Body: Buffer) =>
    s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
  const complete = (Key: string, UploadId: string, Parts: CompletedPart[]) =>
    s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));

  it('is put together in the order of its numbers, and is there once it is completed', async () => {
    const Key = 'big/file é.zip';
    const id = await create(Key, {
      Metadata: { a: 'b' },
      ContentType: 'application/zip',
      ChecksumAlgorithm: 'SHA256',
    });
    const two = await upload(Key, id, 2, bytes.subarray(5 * MB));
    const one = await upload(Key, id, 1, bytes.subarray(0, 5 * MB));
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key }))).rejects.toMatchObject({ name: 'NotFound' });
    const { Parts } = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId: id }));
    expect(Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 5 * MB],
      [2, 10],
    ]);
    expect((await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toMatchObject([
      { Key, UploadId: id },
    ]);
    const done = await complete(Key, id, [
      { PartNumber: 1, ETag: one.ETag },
      { PartNumber: 2, ETag: two.ETag },
    ]);
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    expect(done.ChecksumSHA256).toMatch(/^[A-Za-z0-9+/]{43}=-2$/);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect([got.ETag, got.ContentType, got.Metadata]).toEqual([done.ETag, 'application/zip', { a: 'b' }]);
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
    await expect(complete(Key, id, [{ PartNumber: 1, ETag: one.ETag }])).rejects.toMatchObject({
      name: 'NoSuchUpload',
    });
  });

  it('is refused as S3 refuses it', async () => {
    const id = await create('refused');
    const small = await upload('refused', id, 1, Buffer.from('small'));
    const last = await upload('refused', id, 2, Buffer.from('last'));
    const [one, two] = [
      { PartNumber: 1, ETag: small.ETag },
      { PartNumber: 2, ETag: last.ETag },
    ];
    await expect(complete('refused', id, [one, two])).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await expect(complete('refused', id, [two, one])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete('refused', id, [{ ...one, ETag: '"0"' }])).rejects.toMatchObject({
      name: 'InvalidPart',
    });
    await expect(complete('refused', id, [{ PartNumber: 3, ETag: '"0"' }])).rejects.toMatchObject({
      name: 'InvalidPart',
    });
    await expect(upload('refused', id, 10_001, Buffer.from('x'))).rejects.toMatchObject({
      name: 'InvalidArgument',
    });
    await expect(upload('other', id, 1, Buffer.from('x'))).rejects.toMatchObject({ name: 'NoSuchUpload' });
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'refused', UploadId: id }));
    await expect(complete('refused', id, [one])).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });
});

test('If-None-Match keeps what is there', async () => {
  const put = (Body: string) =>
    s3.send(new PutObjectCommand({ Bucket, Key: 'once', Body, IfNoneMatch: '*' }));
  await put('first');
  await expect(put('second')).rejects.toMatchObject({ name: 'PreconditionFailed' });
  expect(await text('once')).toBe('first');
});

test('keys keep their slashes, spaces and letters, and are listed by prefix and delimiter in pages', async () => {
  const keys = ['l/a b', 'l/é+%', 'l/sub/1', 'l/sub/2', 'l/z/'];
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  for (const Key of keys) expect(await text(Key)).toBe(Key);
  const listed: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'l/', MaxKeys: 2, ContinuationToken }),
    );
    listed.push(...(page.Contents ?? []).map(({ Key }) => Key as string));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  expect(listed.sort()).toEqual([...keys].sort());
  const grouped = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'l/', Delimiter: '/' }));
  expect(grouped.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['l/sub/', 'l/z/']);
});

test('a bucket goes only when it is empty, of versions too', async () => {
  const versioned = { Bucket: 'cachao-versions-test' };
  await s3.send(new CreateBucketCommand(versioned));
  expect((await s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBe('eu-west-1');
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await s3.send(new PutBucketVersioningCommand({ ...versioned, VersioningConfiguration }));
  const { VersionId } = await s3.send(new PutObjectCommand({ ...versioned, Key: 'k', Body: 'v' }));
  const Objects = [{ Key: 'k', VersionId }];
  const remove = () => s3.send(new DeleteBucketCommand(versioned));
  await expect(remove()).rejects.toMatchObject({ name: 'BucketNotEmpty' });
  await s3.send(new DeleteObjectsCommand({ ...versioned, Delete: { Objects } }));
  await remove();
  await expect(s3.send(new HeadBucketCommand(versioned))).rejects.toMatchObject({ name: 'NotFound' });
});

test('a bucket that one has is told from a key that is not there', async () => {
  await expect(s3.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject({
    name: 'BucketAlreadyOwnedByYou',
  });
  await expect(text('none')).rejects.toMatchObject({ name: 'NoSuchKey' });
});
