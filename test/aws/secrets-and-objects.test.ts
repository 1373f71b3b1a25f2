import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3Reads } from '../../src/aws/s3.js';
import { s3Writes } from '../../src/aws/s3-writes.js';
import { AwsSession } from '../../src/aws/session.js';
import { ssmReads, ssmWrites } from '../../src/aws/ssm.js';
import { stsReads } from '../../src/aws/sts.js';
import { Secret } from '../../src/core/secret.js';
import { OPERATOR_KEY } from '../../src/local-cloud/kernel/cloud.js';
import { startTestCloud, type TestCloud } from '../support/local-cloud.js';

let cloud: TestCloud;
let session: AwsSession;
beforeAll(async () => {
  cloud = await startTestCloud();
  session = new AwsSession({
    region: 'eu-west-1',
    profile: null,
    endpoint: cloud.aws,
    credentials: OPERATOR_KEY,
    environment: {},
    attempts: 1,
  });
});
afterAll(() => cloud.close());

describe('secrets in SSM', () => {
  const name = '/cachao/dev/stripe/webhook-secret';

  it('are stored, found again with their tags, and replaced without losing what others tagged', async () => {
    const [reads, writes] = [ssmReads(session), ssmWrites(session)];
    expect(await reads.secret(name)).toBeUndefined();
    expect(await reads.tags(name)).toBeUndefined();
    expect(
      await writes.putSecret(name, new Secret('whsec_first0000000000'), 'of we_1', { ManagedBy: 'cachao' }),
    ).toBe(1);
    await writes.tag(name, { Owner: 'ops' });
    expect(
      await writes.putSecret(name, new Secret('whsec_second000000000'), 'of we_2', { ManagedBy: 'cachao' }),
    ).toBe(2);
    expect(await reads.parameter(name)).toMatchObject({ name, type: 'SecureString', version: 2 });
    expect((await reads.secret(name))?.value.reveal()).toBe('whsec_second000000000');
    expect((await reads.secret(`${name}:1`))?.value.reveal()).toBe('whsec_first0000000000');
    expect(await reads.tags(name)).toMatchObject({ ManagedBy: 'cachao', Owner: 'ops' });
    expect(await reads.description(name)).toBe('of we_2');
  });

  it('are never seen when what was read is printed', async () => {
    expect(JSON.stringify(await ssmReads(session).secret(name))).not.toContain('whsec_second');
  });

  it('are not put into a parameter that is not secure', async () => {
    const { SSM } = await import('@aws-sdk/client-ssm');
    await new SSM(cloud.client).putParameter({ Name: '/cachao/dev/plain', Value: 'x', Type: 'String' });
    const put = ssmWrites(session).putSecret('/cachao/dev/plain', new Secret('hidden-value'), 'd', {});
    await expect(put).rejects.toMatchObject({ code: 'PARAMETER_NOT_SECURE' });
  });

  it('can be deleted, twice', async () => {
    await ssmWrites(session).deleteParameter(name);
    await ssmWrites(session).deleteParameter(name);
    expect(await ssmReads(session).parameter(name)).toBeUndefined();
  });
});

describe('buckets', () => {
  it('are made once, and emptied and deleted with all versions', async () => {
    const [reads, writes] = [s3Reads(session), s3Writes(session)];
    const { account } = await stsReads(session).callerIdentity();
    const bucket = `cachao-artifacts-${account}-test`;
    expect(await reads.bucketOwner(bucket, account)).toBe('absent');
    expect(await writes.createBucket(bucket)).toBe('ours');
    expect(await writes.createBucket(bucket)).toBe('ours');
    expect(await reads.bucketOwner(bucket, account)).toBe('ours');
    await writes.versionBucket(bucket);
    expect(await reads.headObject(bucket, 'handlers/a.zip')).toBeUndefined();
    for (const text of ['one', 'two'])
      await writes.putObject(bucket, 'handlers/a.zip', Buffer.from(text), 'application/zip');
    expect(await reads.headObject(bucket, 'handlers/a.zip')).toMatchObject({ sizeBytes: 3 });
    await writes.deleteObject(bucket, 'handlers/a.zip');
    // Two versions and a delete marker.
    expect(await writes.deleteVersions(bucket, '')).toBe(3);
    await writes.deleteBucket(bucket);
    await writes.deleteBucket(bucket);
    expect(await reads.bucketOwner(bucket, account)).toBe('absent');
    expect(await reads.bucket(bucket)).toBeUndefined();
  });
});
