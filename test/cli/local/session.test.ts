import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pointAt } from '../../../src/cli/shared/local-session.js';
import { runCli, temporaryDirectory } from '../../support/run-cli.js';

const LOCAL = {
  AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
  AWS_ACCESS_KEY_ID: 'LOCAL',
  AWS_SECRET_ACCESS_KEY: 'local-secret-access-key',
  AWS_REGION: 'eu-west-1',
  STRIPE_API_BASE: 'http://127.0.0.1:2',
  STRIPE_API_KEY: 'sk_test_local0000000000',
  CACHAO_DATABASE: 'mysql://cachao@127.0.0.1:3/shop',
  CACHAO_DATABASE_PASSWORD: 'local-password',
};
/** What leads an SDK to a real account, or past the local cloud. */
const LEADING_AWAY = {
  AWS_PROFILE: 'live',
  AWS_DEFAULT_PROFILE: 'live',
  AWS_SESSION_TOKEN: 'token',
  AWS_ENDPOINT_URL_S3: 'https://s3.eu-west-1.amazonaws.com',
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
  AWS_USE_FIPS_ENDPOINT: 'true',
  AWS_USE_DUALSTACK_ENDPOINT: 'true',
  AWS_ROLE_ARN: 'arn:aws:iam::111111111111:role/live',
  AWS_WEB_IDENTITY_TOKEN_FILE: '/token',
  AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_CONFIG_FILE: '/home/live/.aws/config',
  AWS_SHARED_CREDENTIALS_FILE: '/home/live/.aws/credentials',
  STRIPE_API_KEY: 'sk_live_real0000000000',
  STRIPE_PROJECT_NAME: 'live',
  CACHAO_REGION: 'us-east-1',
  CACHAO_PROFILE: 'live',
};

describe('the environment of the local cloud', () => {
  it('takes the place of everything that leads to a real account', () => {
    const environment: NodeJS.ProcessEnv = { ...LEADING_AWAY, PATH: '/bin', STRIPE_SUPPRESS_NOTICES: 'true' };
    pointAt(LOCAL, environment, false);
    expect(environment).toMatchObject({ ...LOCAL, PATH: '/bin', STRIPE_SUPPRESS_NOTICES: 'true' });
    for (const [name, value] of Object.entries(LEADING_AWAY)) expect(environment[name]).not.toBe(value);
  });

  it('goes past a proxy, and leaves its other exceptions alone', () => {
    const environment: NodeJS.ProcessEnv = { HTTPS_PROXY: 'http://proxy:3128', no_proxy: 'intranet' };
    pointAt(LOCAL, environment, false);
    expect(environment).toMatchObject({
      HTTPS_PROXY: 'http://proxy:3128',
      NO_PROXY: 'intranet,127.0.0.1,localhost',
      no_proxy: 'intranet,127.0.0.1,localhost',
    });
  });
});

describe.concurrent('--local', () => {
  const settings = ['probe', '--do', 'settings', '--local', '--json'];

  it('needs no configuration, and writes none', async () => {
    const cwd = temporaryDirectory();
    const run = await runCli(['probe', '--do', 'ask', '--local', '--json'], { cwd, env: LEADING_AWAY });
    const report = JSON.parse(run.stdout);
    expect(report).toMatchObject({
      exitCode: 0,
      file: null,
      settings: { stage: 'local', region: 'eu-west-1', currency: 'eur', webhook: true, profile: null },
    });
    expect(report.settings.database).toMatch(/^mysql:\/\/[^:]+@127\.0\.0\.1:\d+\//);
    expect(existsSync(path.join(cwd, 'cachao.config.json'))).toBe(false);
    expect(existsSync(path.join(cwd, '.cachao', 'local'))).toBe(true);
  });

  it('says in one sentence that it may not write where its state would be', async () => {
    const cwd = temporaryDirectory();
    writeFileSync(path.join(cwd, '.cachao'), '');
    const run = await runCli(settings, { cwd });
    expect(JSON.parse(run.stdout).error).toMatchObject({
      code: 'LOCAL_CLOUD_NOT_WRITABLE',
      message: expect.stringMatching(
        /^The local cloud did not start: its directory \S+ cannot be written to \(ENOTDIR\)\.$/,
      ),
    });
  });

  it('keeps its state beside the configuration file that is named, and heeds its own stage', async () => {
    const home = temporaryDirectory();
    const file = path.join(home, 'shop.json');
    writeFileSync(
      file,
      '{"defaultStage":"prod","stages":{"prod":{"mode":"live"},"local":{"currency":"usd"}}}',
    );
    const cwd = temporaryDirectory();
    const run = await runCli([...settings, '--config', file], { cwd });
    expect(JSON.parse(run.stdout)).toMatchObject({
      settings: { stage: 'local', mode: 'test', currency: 'usd' },
      origins: { currency: { origin: 'file' } },
    });
    expect([existsSync(path.join(home, '.cachao')), existsSync(path.join(cwd, '.cachao'))]).toEqual([
      true,
      false,
    ]);
  });
});
