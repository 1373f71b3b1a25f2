import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { complete, unanswered, withAnswers } from '../../src/config/complete.js';
import { type ResolveOptions, resolve } from '../../src/config/resolve.js';
import { fc, inputs } from '../support/property-tests.js';
import { temporaryDirectory } from '../support/run-cli.js';

interface Given {
  flags?: ResolveOptions['flags'];
  environment?: Record<string, string>;
  file?: object;
  aws?: string;
  local?: boolean;
  stageMayBeNew?: boolean;
}

/** Resolves with a home and a directory of its own. */
async function resolved(given: Given) {
  const cwd = temporaryDirectory();
  if (given.file) writeFileSync(path.join(cwd, 'cachao.config.json'), JSON.stringify(given.file));
  if (given.aws) {
    mkdirSync(path.join(cwd, '.aws'));
    writeFileSync(path.join(cwd, '.aws', 'config'), given.aws);
  }
  return resolve({
    flags: given.flags ?? {},
    environment: { HOME: cwd, ...given.environment },
    cwd,
    local: given.local ?? false,
    stageMayBeNew: given.stageMayBeNew ?? false,
  });
}

const code = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error) => error.code ?? String(error),
  );

describe('the chain', () => {
  const region = fc.constantFrom('eu-west-1', 'us-east-1', 'ap-southeast-2', 'eu-central-1');
  const maybe = fc.option(region, { nil: undefined });

  it('flag, CACHAO_REGION, AWS_REGION, AWS_DEFAULT_REGION, file, profile, answer: the first that is given wins', async () => {
    const links = fc.record({
      flag: maybe,
      own: maybe,
      aws: maybe,
      awsDefault: maybe,
      file: maybe,
      profile: maybe,
      answer: maybe,
    });
    await fc.assert(
      fc.asyncProperty(links, async (given) => {
        const environment: Record<string, string> = {};
        if (given.own) environment.CACHAO_REGION = given.own;
        if (given.aws) environment.AWS_REGION = given.aws;
        if (given.awsDefault) environment.AWS_DEFAULT_REGION = given.awsDefault;
        const resolution = await resolved({
          ...(given.flag ? { flags: { region: given.flag } } : {}),
          environment,
          ...(given.file ? { file: { stages: { dev: { region: given.file } } } } : {}),
          ...(given.profile ? { aws: `[default]\nregion = ${given.profile}\n` } : {}),
        });
        const open = unanswered(resolution, ['region']);
        const answered = await withAnswers(resolution, given.answer ? { region: given.answer } : {});
        const before = [given.flag, given.own, given.aws, given.awsDefault, given.file, given.profile];
        const first = before.find((value) => value !== undefined);
        expect(open).toEqual(first === undefined ? ['region'] : []);
        if (first === undefined && given.answer === undefined)
          expect(() => complete(answered)).toThrowError(expect.objectContaining({ code: 'ANSWERS_NEEDED' }));
        else expect(complete(answered).settings.region).toBe(first ?? given.answer);
      }),
      { numRuns: inputs(60) },
    );
  });

  it('says who gave each value', async () => {
    const { origins } = complete(
      await resolved({
        flags: { region: 'eu-west-1', webhook: false },
        environment: { CACHAO_CURRENCY: 'usd', CACHAO_STAGE: 'prod' },
        file: { stages: { prod: { email: 'ops@example.com' } } },
      }),
    );
    expect(Object.fromEntries(origins)).toMatchObject({
      stage: { origin: 'environment', source: 'CACHAO_STAGE' },
      region: { origin: 'flag', source: '--region' },
      webhook: { origin: 'flag', source: '--no-webhook' },
      currency: { origin: 'environment', source: 'CACHAO_CURRENCY' },
      email: { origin: 'file', source: 'cachao.config.json' },
      logRetentionDays: { origin: 'default', source: 'default' },
    });
  });

  it('reads every kind of value from text, and null from "none"', async () => {
    const { settings } = complete(
      await resolved({
        environment: {
          AWS_REGION: 'eu-west-1',
          CACHAO_RESERVED_CONCURRENCY: 'none',
          CACHAO_THROTTLE_RATE: '2.5',
          CACHAO_WEBHOOK: 'off',
          CACHAO_SUBNET_IDS: 'subnet-0a, subnet-0b',
          CACHAO_SECURITY_GROUP_IDS: 'sg-0a',
          CACHAO_EMAIL: '',
        },
        file: { stages: { dev: { email: 'ops@example.com' } } },
      }),
    );
    expect(settings).toMatchObject({
      reservedConcurrency: null,
      throttle: { rate: 2.5, burst: 100 },
      webhook: false,
      vpc: { subnetIds: ['subnet-0a', 'subnet-0b'], securityGroupIds: ['sg-0a'] },
      email: 'ops@example.com',
    });
  });

  it("takes the region of the profile that was chosen, not another one's", async () => {
    const aws =
      '[default]\nregion=us-east-1\n[profile shop]\noutput = json\nregion = eu-north-1 # Stockholm\n';
    const shop = await resolved({ aws, environment: { AWS_PROFILE: 'shop' } });
    expect(shop.values.get('region')).toEqual({
      value: 'eu-north-1',
      origin: 'file',
      source: '~/.aws, profile shop',
    });
    expect((await resolved({ aws })).values.get('region')?.value).toBe('us-east-1');
    const other = await resolved({ aws, environment: { AWS_PROFILE: 'other' } });
    expect(other.values.has('region')).toBe(false);
  });

  it.each([
    [{ flags: { region: 'Europe' } }, 'SETTING_INVALID'],
    [{ environment: { CACHAO_WEBHOOK: 'perhaps' } }, 'SETTING_INVALID'],
    [{ environment: { CACHAO_THROTTLE_RATE: 'fast' } }, 'SETTING_INVALID'],
    [{ flags: { 'log-retention-days': '15' } }, 'SETTING_INVALID'],
    [{ environment: { CACHAO_DATABASE: 'mysql://shop:pw@db.example/shop' } }, 'PASSWORD_IN_URL'],
    [{ flags: { database: 'mysql://shop:p/w@db.example/shop' } }, 'PASSWORD_IN_URL'],
    [{ flags: { database: 'mysql://shop@db.example/shop?password=pw' } }, 'PASSWORD_IN_URL'],
    [{ flags: { database: 'postgres://shop@db.example/shop' } }, 'DATABASE_URL_INVALID'],
    [{ flags: { database: 'mysql://shop@db.example:3306' } }, 'DATABASE_URL_INVALID'],
    [{ environment: { CACHAO_DATABASE: 'mysql://shop@db.example/' } }, 'DATABASE_URL_INVALID'],
    [{ flags: { database: 'mysql://db.example/shop' } }, 'DATABASE_URL_INVALID'],
    [{ flags: { database: 'mysql://shop@db.example/shop?tls=of' } }, 'DATABASE_URL_INVALID'],
    [{ flags: { currency: 'xyz' } }, 'SETTING_INVALID'],
    [{ environment: { CACHAO_CURRENCY: 'euro' } }, 'SETTING_INVALID'],
    [{ flags: { stage: 'Prod' } }, 'STAGE_INVALID'],
    [{ flags: { stage: 'a-name-of-more-than-20-letters' } }, 'STAGE_INVALID'],
  ] as [Given, string][])('refuses %j with %s', async (given, expected) => {
    expect(await code(resolved({ aws: '[default]\nregion=eu-west-1\n', ...given }))).toBe(expected);
  });

  it('a VPC with subnets needs security groups', async () => {
    const half = await resolved({ flags: { region: 'eu-west-1', 'subnet-ids': 'subnet-0a' } });
    expect(() => complete(half)).toThrowError(expect.objectContaining({ code: 'SETTING_INVALID' }));
  });
});

describe('the stage', () => {
  const file = { defaultStage: 'prod', stages: { dev: {}, prod: { mode: 'live' } } };

  it.each([
    ['the flag', { flags: { stage: 'dev' }, environment: { CACHAO_STAGE: 'prod' }, file }, 'dev'],
    ['the environment', { environment: { CACHAO_STAGE: 'dev' }, file }, 'dev'],
    ["the file's default", { file }, 'prod'],
    ["the file's only one", { file: { stages: { shop: {} } } }, 'shop'],
    ['dev, where nothing says', {}, 'dev'],
    ['local, on the local cloud', { local: true, file }, 'local'],
    [
      'dev, where the file has only what was kept for the local clouds',
      { file: { stages: { local: {} } } },
      'dev',
    ],
    ["the file's only one on the local cloud too", { local: true, file: { stages: { shop: {} } } }, 'shop'],
  ] as [string, Given, string][])('is %s', async (_, given, expected) => {
    expect((await resolved(given)).stage.name).toBe(expected);
  });

  it('that the file does not have is refused with the nearest name, but for commands that may make it', async () => {
    const error = await resolved({ flags: { stage: 'prd' }, file }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'STAGE_UNKNOWN', exitCode: 2 });
    expect(error.message).toContain('Did you mean "prod"?');
    expect((await resolved({ flags: { stage: 'prd' }, file, stageMayBeNew: true })).stageInFile).toBe(false);
  });

  it('on the local cloud needs nothing', async () => {
    const { settings } = complete(await resolved({ local: true }));
    expect(settings).toMatchObject({
      stage: 'local',
      region: 'eu-west-1',
      currency: 'eur',
      webhook: true,
      stack: { name: 'cachao-local', managed: true },
    });
  });

  it('takes no real money on the local cloud, whatever the file says of it', async () => {
    const only = { stages: { shop: { mode: 'live', stack: { name: 'Shop', managed: false } } } };
    const { settings } = complete(await resolved({ local: true, file: only }));
    expect(settings).toMatchObject({ stage: 'shop', mode: 'test', stack: { name: 'Shop', managed: false } });
  });

  it('gets the mutes of every stage and its own', async () => {
    const mute = [{ check: 'alarm.actions', reason: 'nobody reads mail' }];
    const own = [{ check: 'database.tls', reason: 'private network', until: '2031-01-01' }];
    const { settings } = complete(
      await resolved({ file: { mute, stages: { dev: { region: 'eu-west-1', mute: own } } } }),
    );
    expect(settings.mute).toEqual([...mute, ...own]);
  });
});
