import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { AwsSession } from '../../src/aws/session.js';
import { readAwsProfile, withProfileEndpoints } from '../../src/config/aws-profile.js';
import { temporaryDirectory } from '../support/run-cli.js';

function homeWith(files: { config?: string; credentials?: string }): NodeJS.ProcessEnv {
  const home = temporaryDirectory();
  mkdirSync(path.join(home, '.aws'));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(home, '.aws', name), text);
  return { HOME: home };
}

describe('a profile of the AWS configuration files', () => {
  it.each([
    ['its own section', { config: '[profile shop]\nregion = eu-west-1\n' }, 'shop', 'eu-west-1'],
    ['the default section', { config: '[default]\nregion=eu-west-3 # here\n' }, null, 'eu-west-3'],
    [
      'the credentials file alone',
      { credentials: '[shop]\nregion = eu-central-1\n' },
      'shop',
      'eu-central-1',
    ],
    [
      'both files, of which the credentials file counts',
      { config: '[profile shop]\nregion = a-b-1\n', credentials: '[shop]\nregion = us-east-2\n' },
      'shop',
      'us-east-2',
    ],
    ['another profile', { config: '[profile other]\nregion = eu-west-1\n' }, 'shop', null],
    ['no file at all', {}, 'shop', null],
  ])('has the region of %s', async (_where, files, profile, region) => {
    expect((await readAwsProfile(profile, homeWith(files))).region).toBe(region);
  });

  it('has endpoints, for all services and for one', async () => {
    const config = [
      '[profile lc]',
      'endpoint_url = http://127.0.0.1:4566',
      'services = mine',
      '[services mine]',
      'sqs =',
      '  endpoint_url = http://127.0.0.1:9324',
    ].join('\n');
    const home = homeWith({ config });
    expect(await withProfileEndpoints('lc', home)).toMatchObject({
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:9324',
    });
    const said = { ...home, AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1' };
    expect(await withProfileEndpoints('lc', said)).toMatchObject({
      AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1',
    });
    const all = { ...home, AWS_ENDPOINT_URL: 'http://127.0.0.1:2' };
    expect(await withProfileEndpoints('lc', all)).toEqual(all);
  });

  it('decides where calls go when it is named by a flag', async () => {
    const targets: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      targets.push(String(request.headers['x-amz-target']));
      response.setHeader('content-type', 'application/x-amz-json-1.0').end('{"QueueUrls":[]}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const home = homeWith({ config: `[profile lc]\nendpoint_url = http://127.0.0.1:${port}\n` });
      const session = new AwsSession({
        region: 'eu-west-1',
        profile: 'lc',
        environment: await withProfileEndpoints('lc', home),
        credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
      });
      await session.call('sqs', 'sqs:ListQueues', (client) => client.listQueues({}));
      expect(targets).toEqual(['AmazonSQS.ListQueues']);
    } finally {
      server.close();
    }
  });
});
