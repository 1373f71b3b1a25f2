import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { s3Reads } from '../../src/aws/s3.js';
import { s3Writes } from '../../src/aws/s3-writes.js';
import { AwsSession } from '../../src/aws/session.js';
import { ssmReads, ssmWrites } from '../../src/aws/ssm.js';
import { stsReads } from '../../src/aws/sts.js';
import { Secret } from '../../src/core/secret.js';
import { artifactBucketName, ensureArtifactBucket } from '../../src/stack/artifact-bucket.js';
import { describeWhere } from '../support/where.js';

const installed = spawnSync('moto_server', ['-h']).status === 0;

/** A second, independent imitation of AWS, so that the adapters do not only agree with our own. */
describeWhere(installed, 'moto_server is not installed')('the AWS adapters against moto', () => {
  let server: ChildProcess;
  let session: AwsSession;

  beforeAll(async () => {
    const port = await freePort();
    server = spawn('moto_server', ['-p', String(port)], { stdio: 'ignore' });
    session = new AwsSession({
      region: 'eu-west-1',
      profile: null,
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    });
    while (!(await answers(session))) await new Promise((resolve) => setTimeout(resolve, 300));
  });
  afterAll(() => {
    server.kill();
  });

  it('tell who calls', async () => {
    expect((await stsReads(session).callerIdentity()).account).toMatch(/^\d{12}$/);
  });

  it('store a secret with its description and tags, and overwrite it', async () => {
    const { putSecret } = ssmWrites(session);
    const reads = ssmReads(session);
    const name = '/cachao/moto/secret';
    expect(await reads.secret(name)).toBeUndefined();
    await putSecret(name, new Secret('first-value'), 'of we_1', { ManagedBy: 'cachao' });
    await putSecret(name, new Secret('second-value'), 'of we_2', { ManagedBy: 'cachao' });
    const stored = await reads.secret(name);
    expect(stored).toMatchObject({ type: 'SecureString', version: 2 });
    expect(stored?.value.reveal()).toBe('second-value');
    expect(await reads.description(name)).toBe('of we_2');
    expect(await reads.tags(name)).toMatchObject({ ManagedBy: 'cachao' });
  });

  it('make the artifact bucket private, encrypted and versioned, and find it again', async () => {
    const services = { s3: s3Reads(session), s3Writes: s3Writes(session) };
    const { account } = await stsReads(session).callerIdentity();
    const bucket = artifactBucketName(account, 'eu-west-1');
    await ensureArtifactBucket(services, bucket, account);
    await ensureArtifactBucket(services, bucket, account);
    expect(await services.s3.bucket(bucket)).toMatchObject({
      versioned: true,
      encrypted: true,
      publicAccessBlocked: true,
      tags: { ManagedBy: 'cachao' },
    });
  });
});

function answers(session: AwsSession): Promise<boolean> {
  return stsReads(session)
    .callerIdentity()
    .then(
      () => true,
      () => false,
    );
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
