import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { CreatePartnerEventSourceCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openShop, type Shop } from '../local-cloud/traps/shop.js';
import { clientConfiguration } from '../support/local-cloud.js';
import { describeWhere, itWhere } from '../support/where.js';
import { exercise, hasPython } from './python.js';
import { type CallRecord, differences } from './records.js';

/** Operations that boto3 calls by another name than ours. */
const OTHER_NAMES: Record<string, string> = {
  DeleteBucketLifecycleConfiguration: 'DeleteBucketLifecycle',
};
const BOTO3_SERVICE: Record<string, string> = { monitoring: 'cloudwatch' };

const installed = hasPython('boto3');
const moto = installed && spawnSync('moto_server', ['-h']).status === 0;

describeWhere(installed, 'boto3 (Python) is not installed')('boto3 against the local cloud', () => {
  let shop: Shop;
  let source: string;
  let records: CallRecord[];
  beforeAll(async () => {
    shop = await openShop({});
    ({ source } = await shop.destination());
    await shop.sourceAppeared(source);
    records = await exercise(shop.cloud.aws, { ...shop.cloud.environment, CONFORMANCE_SOURCE: source });
  });
  afterAll(() => shop.close());

  it('every call succeeds, or is refused with the code that AWS has for it', () => {
    expect(records.filter(({ outcome, expected }) => outcome !== expected)).toEqual([]);
  });

  it('every answer has the shape that AWS documents: no unknown member, no wrong type, nothing missing', () => {
    const wrong = records.flatMap(({ call, violations = [] }) => violations.map((one) => `${call} ${one}`));
    expect(wrong).toEqual([]);
  });

  it('every refusal has a code that AWS documents for the call', () => {
    expect(records.filter(({ documented }) => documented === false)).toEqual([]);
  });

  it('every call that the local cloud claims was made', () => {
    const made = new Set(records.map(({ call }) => call));
    const claimed = [...shop.cloud.cloud.services.values()].flatMap(({ name, operations }) =>
      Object.keys(operations).map(
        (operation) => `${BOTO3_SERVICE[name] ?? name}.${OTHER_NAMES[operation] ?? operation}`,
      ),
    );
    expect(claimed.filter((call) => !made.has(call))).toEqual([]);
  });

  itWhere(moto, 'moto_server is not installed')(
    'differs from moto where docs/local-cloud.md says so, and nowhere else',
    async () => {
      const server = await startMoto(source);
      try {
        const theirs = await exercise(server.url, {
          ...MOTO_KEYS,
          CONFORMANCE_SOURCE: source,
          CONFORMANCE_PATIENCE: '2',
        });
        const found = differences(records, theirs);
        const undocumented = found.filter((line) => !documented().has(line.split(':')[0] as string));
        expect(undocumented).toEqual([]);
        const calls = new Set(found.map((line) => line.split(':')[0]));
        expect([...documented()].filter((call) => !calls.has(call))).toEqual([]);
      } finally {
        server.process.kill();
      }
    },
  );
});

const MOTO_KEYS = { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' };

/** The calls that the page names in its comparison. */
function documented(): Set<string> {
  const page = readFileSync(new URL('../../docs/local-cloud.md', import.meta.url), 'utf8');
  const section = /## Compared with moto\n(.*?)(\n## |$)/s.exec(page)?.[1] ?? '';
  return new Set(
    [...section.matchAll(/`([a-z0-9]+\.[A-Z][A-Za-z0-9]+)`/g)].map((match) => match[1] as string),
  );
}

/** moto, with the partner source that Stripe makes for the local cloud. */
async function startMoto(source: string): Promise<{ url: string; process: ChildProcess }> {
  const port = await freePort();
  const process = spawn('moto_server', ['-p', String(port)], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  const client = new EventBridgeClient(
    clientConfiguration(url, { accessKeyId: 'testing', secretAccessKey: 'testing' }),
  );
  const seed = new CreatePartnerEventSourceCommand({ Name: source, Account: '123456789012' });
  for (;;) {
    try {
      await client.send(seed);
      return { url, process };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
