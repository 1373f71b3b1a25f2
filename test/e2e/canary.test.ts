import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Happening } from '../../src/local-cloud/kernel/cloud.js';
import { Store } from '../../src/local-cloud/kernel/store.js';
import { askAdmin, startTestCloud, type TestCloud } from '../support/local-cloud.js';
import {
  filesBelow,
  functionsOf,
  logsOf,
  type Place,
  type Secrets,
  sightings,
  stacksOf,
  storedSecrets,
} from './support/canary.js';
import { cachao, workingDirectory } from './support/cli.js';
import { environmentFor } from './support/clouds.js';

const canary = (word: string) => `Canary${word}${randomBytes(12).toString('hex')}`;
/** Characters that are written differently in URLs and JSON. */
const PASSWORD = `${canary('Database')}/%"@ü+`;
const AWS_SECRET = `${canary('Aws')}/+`;
const STRIPE_KEYS = { accepted: canary('Stripe'), refused: canary('Refused') };
const stripeKey = (tail: string) => ['sk', 'test', tail].join('_');

/** Secrets that are recognised wherever they turn up, and every place where a run leaves something. */
describe('secrets', () => {
  const directory = workingDirectory();
  const runs: Place[] = [];
  const codes: Record<string, number | null> = {};
  const happenings: string[] = [];
  let cloud: TestCloud;
  let secrets: Secrets;

  async function run(name: string, args: string[], environment: Record<string, string> = {}) {
    const result = await cachao(args, {
      cwd: directory.path,
      environment: {
        ...environmentFor(cloud),
        AWS_SECRET_ACCESS_KEY: AWS_SECRET,
        STRIPE_API_KEY: stripeKey(STRIPE_KEYS.accepted),
        ...environment,
      },
    });
    codes[name] = result.code;
    runs.push(
      { name: `stdout of ${name}`, content: result.stdout },
      { name: `stderr of ${name}`, content: result.stderr },
    );
  }

  beforeAll(async () => {
    // The local cloud's own state lies where --local keeps it, so that it is searched with the rest.
    const state = path.join(directory.path, '.cachao', 'local');
    const store = new Store(state);
    store.table<string>('database.secrets').set('password', store.seal(PASSWORD));
    store.flush();
    store.close();
    cloud = await startTestCloud({ directory: state });
    cloud.cloud.happenings.on('happening', (one: Happening) => happenings.push(JSON.stringify(one)));
    await askAdmin(cloud, 'stripe/keys', 'PUT', { key: stripeKey(STRIPE_KEYS.accepted) });
    const debug = { CACHAO_DEBUG: '1' };
    await run('setup', ['setup', '--yes', '--verbose'], debug);
    await run('setup --json', ['setup', '--yes', '--json'], debug);
    await run('checkout', ['checkout']);
    await run('checkout --verbose', ['checkout', '--verbose'], debug);
    await run('checkout --json', ['checkout', '--json'], debug);
    const mistyped = ['setup', '--yes', `--databse-password=${PASSWORD}`];
    await run('mistyped flag', mistyped, debug);
    await run('mistyped flag --json', [...mistyped, '--json'], debug);
    const refused = { ...debug, STRIPE_API_KEY: stripeKey(STRIPE_KEYS.refused) };
    await run('refused key', ['checkout'], refused);
    await run('refused key --json', ['setup', '--yes', '--json'], refused);
    await run('wrong password', ['setup', '--yes'], {
      ...debug,
      CACHAO_STAGE: 'other',
      CACHAO_DATABASE_PASSWORD: `${PASSWORD}x`,
    });
    secrets = {
      'database password': PASSWORD,
      'AWS secret key': AWS_SECRET,
      // The last four characters are shown, to tell one key from another.
      'Stripe key': STRIPE_KEYS.accepted.slice(0, -4),
      'refused Stripe key': STRIPE_KEYS.refused.slice(0, -4),
      ...(await storedSecrets(cloud)),
    };
  });
  afterAll(async () => {
    await cloud.close();
    await directory.remove();
  });

  it('are those that the runs used', () => {
    expect(codes).toEqual({
      setup: 0,
      'setup --json': 0,
      checkout: 0,
      'checkout --verbose': 0,
      'checkout --json': 0,
      'mistyped flag': 2,
      'mistyped flag --json': 2,
      'refused key': 3,
      'refused key --json': 3,
      'wrong password': expect.any(Number),
    });
    expect(codes['wrong password']).not.toBe(0);
    expect(cloud.database.password).toBe(PASSWORD);
    expect(secrets['database URL']).toContain(encodeURIComponent(PASSWORD).slice(0, 30));
    expect(Object.values(secrets).filter((secret) => secret.length < 16)).toEqual([]);
  });

  it('would be found: the search sees each, in every encoding', () => {
    for (const [which, secret] of Object.entries(secrets))
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
        expect(sightings([{ name: 'here', content: `<${form}>` }], secrets)).toContain(`here: ${which}`);
  });

  it('stand in no output', () => {
    expect(runs.filter((one) => one.content !== '').length).toBeGreaterThan(10);
    expect(sightings(runs, secrets)).toEqual([]);
  });

  it('stand in no file of the working directory, the state of the local cloud included', () => {
    const files = filesBelow(directory.path);
    expect(files.map((file) => file.name)).toContain('file .cachao/local/journal.jsonl');
    expect(sightings(files, secrets)).toEqual([]);
  });

  it('stand in no stack: parameters, outputs, events, template', async () => {
    const stacks = await stacksOf(cloud);
    expect(stacks.map((stack) => stack.name)).toContain('Original template of cachao-dev');
    expect(sightings(stacks, secrets)).toEqual([]);
  });

  it("stand in no function's configuration", async () => {
    const functions = await functionsOf(cloud);
    expect(functions.length).toBeGreaterThanOrEqual(3);
    expect(sightings(functions, secrets)).toEqual([]);
  });

  it('stand in no line of any log group', async () => {
    const logs = await logsOf(cloud);
    expect(logs.filter((log) => log.content.includes('evt_')).length).toBeGreaterThanOrEqual(2);
    expect(sightings(logs, secrets)).toEqual([]);
  });

  it('are told by no happening of the local cloud', () => {
    expect(happenings.length).toBeGreaterThan(20);
    expect(
      sightings(
        happenings.map((content) => ({ name: content.slice(0, 40), content })),
        secrets,
      ),
    ).toEqual([]);
  });
});
