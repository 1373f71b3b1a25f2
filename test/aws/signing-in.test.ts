import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { cloudformationReads } from '../../src/aws/cloudformation.js';
import { AwsSession } from '../../src/aws/session.js';
import { stsReads } from '../../src/aws/sts.js';
import { removeDirectory } from '../support/directories.js';
import { startTestCloud, type TestCloud } from '../support/local-cloud.js';

const ROLE = 'arn:aws:iam::123456789012:role/reader';
const DEVICE = 'arn:aws:iam::123456789012:mfa/phone';

let cloud: TestCloud;
let home: string;

beforeAll(async () => {
  cloud = await startTestCloud({ clock: 'manual' });
  const iam = new IAMClient(cloud.client);
  const allow = (statement: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
  await iam.send(
    new CreateRoleCommand({
      RoleName: 'reader',
      AssumeRolePolicyDocument: allow({
        Principal: { AWS: 'arn:aws:iam::123456789012:root' },
        Action: 'sts:AssumeRole',
        Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
      }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: 'reader',
      PolicyName: 'read',
      PolicyDocument: allow({ Action: '*', Resource: '*' }),
    }),
  );
});
afterAll(() => cloud.close());

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'cachao-home-'));
  await mkdir(join(home, '.aws', 'sso', 'cache'), { recursive: true });
  vi.stubEnv('HOME', home);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_ENDPOINT_URL', cloud.aws);
  for (const name of Object.keys(process.env).filter((one) => /^AWS_(?!EC2|ENDPOINT_URL$)/.test(one)))
    vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', join(home, '.aws', 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(home, '.aws', 'credentials'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await removeDirectory(home);
});

const configure = (text: string) => writeFile(join(home, '.aws', 'config'), text);

/** Two clients, one after the other and at once. */
async function useTwoClients(session: AwsSession): Promise<void> {
  const who = await stsReads(session).callerIdentity();
  expect(who.account).toBe('123456789012');
  await Promise.all([cloudformationReads(session).listStacks(), stsReads(session).callerIdentity()]);
}

it('runs the program that gives the keys once, for all clients', async () => {
  const { accessKeyId, secretAccessKey } = cloud.client.credentials;
  const keys = JSON.stringify({ Version: 1, AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey });
  const script = join(home, 'keys.sh');
  await writeFile(script, `echo run >> ${join(home, 'runs')}\necho '${keys}'\n`);
  await configure(`[profile shop]\ncredential_process = sh ${script}\n`);
  await useTwoClients(new AwsSession({ region: 'eu-central-1', profile: 'shop', attempts: 1 }));
  expect(await readFile(join(home, 'runs'), 'utf8')).toBe('run\n');
});

async function configureMfa(): Promise<void> {
  const { accessKeyId, secretAccessKey } = cloud.client.credentials;
  await configure(
    `[profile own]\naws_access_key_id=${accessKeyId}\naws_secret_access_key=${secretAccessKey}\n` +
      `[profile mfa]\nrole_arn=${ROLE}\nsource_profile=own\nmfa_serial=${DEVICE}\n`,
  );
}

const withCode = (code: string, asked: string[]) =>
  new AwsSession({
    region: 'eu-central-1',
    profile: 'mfa',
    attempts: 1,
    mfaCode: async (serial) => {
      asked.push(serial);
      return code;
    },
  });

it("asks for the code of the profile's MFA device once, and says when AWS refuses it", async () => {
  await configureMfa();
  const asked: string[] = [];
  await useTwoClients(withCode('123456', asked));
  expect(asked).toEqual([DEVICE]);
  await expect(withCode('123456', asked).signIn()).rejects.toMatchObject({ code: 'AWS_MFA_CODE_REFUSED' });
});

it('says that a code is wanted where nobody can be asked', async () => {
  await configureMfa();
  const session = new AwsSession({ region: 'eu-central-1', profile: 'mfa', attempts: 1 });
  await expect(stsReads(session).callerIdentity()).rejects.toMatchObject({ code: 'AWS_MFA_CODE_NEEDED' });
});

it('asks SSO in the region that the profile names for it', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', undefined);
  const url = 'https://shop.awsapps.com/start';
  await configure(
    `[profile sso]\nsso_start_url = ${url}\nsso_region = us-east-1\nsso_account_id = 123456789012\nsso_role_name = Admin\nregion = eu-central-1\n`,
  );
  const token = { startUrl: url, region: 'us-east-1', accessToken: 't', expiresAt: '2099-01-01T00:00:00Z' };
  const name = createHash('sha1').update(url).digest('hex');
  await writeFile(join(home, '.aws', 'sso', 'cache', `${name}.json`), JSON.stringify(token));
  const hosts: string[] = [];
  const proxy = createServer().on('connect', (request, socket) => {
    hosts.push(request.url ?? '');
    socket.end('HTTP/1.1 502 no\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const environment = {
    ...process.env,
    HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
  };
  await expect(
    new AwsSession({ region: 'eu-central-1', profile: 'sso', attempts: 1, environment }).signIn(),
  ).rejects.toThrow();
  proxy.close();
  expect(new Set(hosts)).toEqual(new Set(['portal.sso.us-east-1.amazonaws.com:443']));
});
