import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowKillOf } from '../../src/local-cloud/kernel/processes.js';
import { STRIPE_TEST_KEY } from '../../src/local-cloud/stripe/index.js';
import { askAdmin, startTestCloud, type TestCloud } from '../support/local-cloud.js';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud.close());

const signed = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=AKIACACHAOLOCAL00000/20261128/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=00`,
});
const TRUST = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
};
const stripeKey = { authorization: `Bearer ${STRIPE_TEST_KEY}` };
const token = () => ({ 'x-cachao-token': cloud.cloud.adminToken });

interface Asked {
  method?: string;
  headers?: http.OutgoingHttpHeaders;
  body?: string | Buffer;
}

/** A request as it is written, also with headers that fetch does not let through. */
function ask(url: string, { method = 'GET', headers = {}, body }: Asked = {}) {
  return new Promise<{ status: number; body: string; headers: http.IncomingHttpHeaders }>(
    (resolve, reject) => {
      const request = http.request(url, { method, headers, agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }),
        );
      });
      request.once('error', reject);
      request.end(body);
    },
  );
}

describe('the admin routes', () => {
  const routes = () => [...cloud.cloud.adminRoutes.keys(), 'nothing'];

  it('answer nobody who does not know the token, by no method', async () => {
    expect(routes().length).toBeGreaterThan(8);
    const forged = { 'x-cachao-token': 'A'.repeat(cloud.cloud.adminToken.length) };
    for (const route of routes())
      for (const method of ['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS'])
        for (const headers of [{}, forged, { 'x-cachao-token': '' }]) {
          const { status, body } = await ask(`${cloud.aws}/_cachao/${route}`, {
            method,
            headers,
            body: '{}',
          });
          expect(status, `${method} ${route}`).toBe(403);
          expect(JSON.parse(body).error).toContain('x-cachao-token');
        }
  });

  it('change nothing by GET', async () => {
    const { status, body } = await ask(`${cloud.aws}/_cachao/inbox/confirm`, { headers: token() });
    expect([status, JSON.parse(body).error]).toEqual([405, 'GET is not POST.']);
  });

  it('kill no process that is not the cloud’s own', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const fault = { service: 'ssm', operation: 'PutParameter', kind: 'kill', pid: child.pid, times: 1 };
    const put = () => new SSMClient(cloud.client).send(new PutParameterCommand({ Name: '/k', Value: 'v' }));
    const refused = await askAdmin(cloud, 'faults', 'PUT', [fault]);
    expect([refused.status, ((await refused.json()) as { error: string }).error]).toEqual([
      400,
      `Fault 1: process ${child.pid} neither uses this cloud nor belongs to it: it is not killed.`,
    ]);
    // Nor one that was, and is not any more, when its time comes.
    cloud.cloud.faults.set([fault as never]);
    await expect(put()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(child.exitCode ?? child.signalCode).toBeNull();
    allowKillOf(child);
    expect((await askAdmin(cloud, 'faults', 'PUT', [fault])).status).toBe(200);
    const ended = once(child, 'exit');
    await expect(put()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await ended).toEqual([null, 'SIGKILL']);
    await askAdmin(cloud, 'faults', 'PUT', []);
  });
});

describe('a web page', () => {
  const pages: [string, (host: string) => http.OutgoingHttpHeaders][] = [
    ['whose name was made to mean loopback', () => ({ host: 'evil.example' })],
    ['of another origin', () => ({ origin: 'https://evil.example' })],
    ['of another port here', () => ({ origin: 'http://127.0.0.1:1' })],
    ['without an origin', () => ({ origin: 'null' })],
    ['that loads an image', () => ({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })],
    ['of a sibling', () => ({ 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' })],
  ];
  const targets: [string, () => string, () => http.OutgoingHttpHeaders][] = [
    ['an admin route', () => `${cloud.aws}/_cachao/faults`, token],
    ['an AWS service', () => `${cloud.aws}/`, () => signed('sqs')],
    ['S3', () => `${cloud.aws}/bucket/key`, () => signed('s3')],
    ['a deployed API', () => `${cloud.aws}/_aws/execute-api/abc/local/hook`, () => ({})],
    ['Stripe', () => `${cloud.stripe}/v1/events`, () => stripeKey],
    ['Stripe’s second API', () => `${cloud.stripe}/v2/core/event_destinations`, () => stripeKey],
    ['a payment page', () => `${cloud.stripe}/pay/cs_test_1`, () => ({})],
  ];
  const cases = targets.flatMap(([what, url, headers]) =>
    pages.map(([page, more]) => [page, what, url, headers, more] as const),
  );
  it.each(cases)(
    '%s does not reach %s, and none of its body is waited for',
    async (_p, _w, url, headers, more) => {
      const target = new URL(url());
      const answer = await new Promise<number>((resolve, reject) => {
        // A body that never ends: who reads it first never answers.
        const all = { ...headers(), 'content-length': 10_000_000, ...more(target.host) };
        const request = http.request(target, { method: 'POST', headers: all, agent: false }, (response) => {
          resolve(response.statusCode ?? 0);
          request.destroy();
        });
        request.on('error', reject);
        request.write('begun');
      });
      expect(answer).toBe(403);
    },
  );

  it('may lead a customer to the payment page, which then speaks to itself', async () => {
    const url = `${cloud.stripe}/pay/cs_test_unknown`;
    const link = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    expect((await ask(url, { headers: link })).status).toBe(404);
    expect((await ask(url, { headers: { ...link, 'sec-fetch-dest': 'iframe' } })).status).toBe(403);
    const own = { origin: cloud.stripe, 'sec-fetch-site': 'same-origin' };
    expect((await ask(url, { method: 'POST', headers: own, body: 'a=b' })).status).toBe(404);
  });
});

describe('a body that is too large', () => {
  const cases: [string, () => string, () => http.OutgoingHttpHeaders, number, number, RegExp][] = [
    ['SQS', () => cloud.aws, () => signed('sqs'), 20_000_000, 413, /"__type":"RequestEntityTooLarge"/],
    ['SNS', () => cloud.aws, () => signed('sns'), 20_000_000, 413, /<Code>RequestEntityTooLarge<\/Code>/],
    ['S3', () => `${cloud.aws}/b/k`, () => signed('s3'), 3e8, 400, /<Error><Code>EntityTooLarge<\/Code>/],
    [
      'Lambda',
      () => `${cloud.aws}/2015-03-31/functions`,
      () => signed('lambda'),
      71_000_000,
      413,
      /"__type":"RequestEntityTooLargeException"/,
    ],
    ['an API', () => `${cloud.aws}/_aws/execute-api/a/b`, () => ({}), 20_000_000, 413, /Request Too Long/],
    ['an admin route', () => `${cloud.aws}/_cachao/faults`, token, 2_000_000, 413, /too large/],
    [
      'Stripe',
      () => `${cloud.stripe}/v1/products`,
      () => stripeKey,
      5_000_000,
      413,
      /"invalid_request_error"/,
    ],
  ];
  it.each(cases)(
    'is refused by %s in its own shape, by what is announced',
    async (_w, url, headers, size, status, shape) => {
      const answer = await new Promise<{ status: number; body: string }>((resolve, reject) => {
        const all = { ...headers(), 'content-length': size };
        const request = http.request(url(), { method: 'POST', headers: all, agent: false }, (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
          });
          response.on('end', () => {
            resolve({ status: response.statusCode ?? 0, body: text });
            request.destroy();
          });
        });
        request.on('error', reject);
        request.write('begun');
      });
      expect(answer.status).toBe(status);
      expect(answer.body).toMatch(shape);
    },
  );

  it('and by what comes, where nothing was announced', async () => {
    const answer = await new Promise<number>((resolve, reject) => {
      const request = http.request(
        `${cloud.stripe}/v1/products`,
        { method: 'POST', headers: stripeKey, agent: false },
        (response) => {
          resolve(response.statusCode ?? 0);
          request.destroy();
        },
      );
      request.on('error', reject);
      for (let chunk = 0; chunk < 5; chunk += 1) request.write(Buffer.alloc(1_000_000));
    });
    expect(answer).toBe(413);
  });

  it('nor may a zip unpack to more than Lambda takes', async () => {
    const bomb = Buffer.from(zipSync({ 'index.js': new Uint8Array(10) }));
    // What its directory states is what is unpacked at most.
    bomb.writeUInt32LE(262_144_001, bomb.indexOf('PK\x01\x02') + 24);
    const role = await new IAMClient(cloud.client).send(
      new CreateRoleCommand({ RoleName: 'bomb', AssumeRolePolicyDocument: JSON.stringify(TRUST) }),
    );
    const create = new CreateFunctionCommand({
      FunctionName: 'bomb',
      Role: role.Role?.Arn,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: bomb },
    });
    await expect(new LambdaClient(cloud.client).send(create)).rejects.toThrow(
      'Unzipped size must be smaller than 262144000 bytes',
    );
  });
});

describe('an error inside the cloud', () => {
  it.each([
    ['a path that cannot be decoded', '/bucket/%zz', signed('s3'), 400, /<Code>InvalidURI<\/Code>/],
    ['a query that cannot be decoded', '/?%zz', {}, 403, /MissingAuthenticationToken/],
    [
      'a function name that cannot be decoded',
      '/2015-03-31/functions/%zz',
      signed('lambda'),
      400,
      /InvalidURI/,
    ],
    ['a stage that cannot be decoded', '/_aws/execute-api/abc/%zz/x', {}, 403, /Forbidden/],
  ])('%s is answered', async (_what, path, headers, status, shape) => {
    const answer = await ask(cloud.aws + path, { headers });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatch(shape);
  });

  it.each(['faults', 'lambda-account', 'enforcement', 'clock', 'stripe/keys', 'events/unkindness'])(
    'half a body for %s is the caller’s fault, and is said',
    async (route) => {
      const method = route === 'clock' ? 'POST' : 'PUT';
      const answer = await ask(`${cloud.aws}/_cachao/${route}`, { method, headers: token(), body: '{' });
      expect(answer.status).toBe(400);
      expect(answer.body).toMatch(/The body is not JSON/);
    },
  );

  it('is a 500 in the protocol’s shape, with the place in the log and not in the answer', async () => {
    const sns = cloud.cloud.services.get('sns');
    const ssm = cloud.cloud.services.get('ssm');
    const broken = { action: null, handle: () => Promise.reject(new TypeError('a defect')) };
    for (const service of [sns, ssm]) if (service) service.operations.Break = broken;
    cloud.cloud.admin('break', { POST: () => Promise.reject(new TypeError('a defect')) });
    const logged: string[] = [];
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = ((text: string) => logged.push(text)) as never;
    try {
      const query = await ask(cloud.aws, { method: 'POST', headers: signed('sns'), body: 'Action=Break' });
      const target = { ...signed('ssm'), 'x-amz-target': 'AmazonSSM.Break' };
      const json = await ask(cloud.aws, { method: 'POST', headers: target, body: '{}' });
      const admin = await ask(`${cloud.aws}/_cachao/break`, { method: 'POST', headers: token() });
      expect([query.status, json.status, admin.status]).toEqual([500, 500, 500]);
      expect(query.body).toContain('<Code>InternalFailure</Code>');
      expect(JSON.parse(json.body).__type).toBe('InternalFailure');
      for (const { body } of [query, json, admin]) {
        expect(body).toContain('The local cloud failed: a defect.');
        expect(body).not.toMatch(/\bat .*front\.test/);
      }
    } finally {
      process.stderr.write = write;
    }
    expect(logged).toHaveLength(3);
    for (const text of logged) expect(text).toMatch(/TypeError: a defect\n\s+at .*front\.test/);
    expect(logged[1]).toContain('AmazonSSM.Break');
  });

  it('is none when a caller hangs up in the middle of its body, and the next is served', async () => {
    const { port } = new URL(cloud.aws);
    const socket = net.connect(Number(port), '127.0.0.1');
    const { authorization } = signed('ssm');
    socket.write(
      `POST / HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: ${authorization}\r\ncontent-length: 100\r\n\r\nhalf`,
    );
    await once(socket, 'ready');
    const closed = once(socket, 'close');
    socket.destroy();
    await closed;
    expect((await askAdmin(cloud, 'clock')).status).toBe(200);
  });
});

it('a service that is not here is refused in the shape of its protocol', async () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const post = (service: string, headers: object, body: string) =>
    ask(cloud.aws, { method: 'POST', headers: { ...signed(service), ...headers }, body });
  const ec2 = await post('ec2', form, 'Action=DescribeVpcs');
  expect(ec2.body).toMatch(
    /^<\?xml.*<Response><Errors><Error><Code>UnknownOperationException<\/Code><Message>The local cloud has no service ec2\./,
  );
  const rds = await post('rds', form, 'Action=DescribeDBInstances');
  expect(rds.body).toMatch(/^<ErrorResponse><Error><Type>Sender<\/Type><Code>UnknownOperationException/);
  // A service that is here, in the protocol that it had before.
  const sqs = await post('sqs', form, 'Action=SendMessage');
  expect(sqs.body).toMatch(
    /^<ErrorResponse>.*<Message>The local cloud does not support the query protocol of sqs/,
  );
  const kms = await post('kms', { 'x-amz-target': 'TrentService.ListKeys' }, '{}');
  expect(JSON.parse(kms.body)).toMatchObject({ __type: 'UnknownOperationException' });
});
