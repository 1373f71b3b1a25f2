import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AwsSession } from '../../src/aws/session.js';
import { stsReads } from '../../src/aws/sts.js';
import { removeDirectory } from '../support/directories.js';
import { answering } from './answering.js';

let directory: string;
let aws: Awaited<ReturnType<typeof answering>>;
let signedBy: string | undefined;
let userAgent: string | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cachao-credentials-'));
  aws = await answering((request, response) => {
    signedBy = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1];
    userAgent = request.headers['user-agent'];
    response.end(
      '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>a</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>',
    );
  });
  const files = { credentials: join(directory, 'credentials'), config: join(directory, 'config') };
  await writeFile(
    files.credentials,
    '[default]\naws_access_key_id=AKIADEFAULT\naws_secret_access_key=s\n[shop]\naws_access_key_id=AKIASHOP\naws_secret_access_key=s\n',
  );
  await writeFile(files.config, '[profile empty]\nregion=eu-west-1\n');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', files.credentials);
  vi.stubEnv('AWS_CONFIG_FILE', files.config);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  for (const name of [
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'AWS_PROFILE',
    'AWS_ENDPOINT_URL',
  ])
    vi.stubEnv(name, undefined);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.close();
  await removeDirectory(directory);
});

const ask = (profile: string | null) =>
  stsReads(
    new AwsSession({ region: 'eu-west-1', profile, endpoint: aws.url, attempts: 1, version: '1.2.3' }),
  ).callerIdentity();

it('signs as the default profile when nothing else is said', async () => {
  await ask(null);
  expect(signedBy).toBe('AKIADEFAULT');
});

it('signs as the profile that was named, whatever keys the environment has', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAENV');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 's');
  await ask('shop');
  expect(signedBy).toBe('AKIASHOP');
});

it('lets keys in the environment win over AWS_PROFILE, as the AWS CLI does', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAENV');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 's');
  vi.stubEnv('AWS_PROFILE', 'shop');
  await ask('shop');
  expect(signedBy).toBe('AKIAENV');
});

it('says that there are no credentials, and where to get them', async () => {
  const error = await ask('empty').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'AWS_CREDENTIALS_MISSING' });
  expect((error as { next: string[] }).next.join(' ')).toContain('aws sso login');
});

it('tells AWS who is asking', async () => {
  await ask(null);
  expect(userAgent).toContain('cachao/1.2.3');
  expect(userAgent).toContain('app/cachao');
});
