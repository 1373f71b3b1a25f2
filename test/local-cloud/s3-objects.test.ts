import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
