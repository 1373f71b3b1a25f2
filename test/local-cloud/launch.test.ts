import { once } from 'node:events';
import { mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type LaunchedCloud, launchLocalCloud } from '../../src/local-cloud/launch.js';
import { lives, removeDirectory } from '../support/directories.js';
import { clientConfiguration } from '../support/local-cloud.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The program as the product bundles it: from the sources each start would compile all of them. */
let program: string;
let entry: string;
beforeAll(async () => {
  program = mkdtempSync(path.join(tmpdir(), 'local-cloud-program-'));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(program, 'node_modules'));
  const { bundle } = (await import(pathToFileURL(path.join(ROOT, 'bin/lib/build-cli.mjs')).href)) as {
    bundle(root: string, entryPoints: Record<string, string>, outdir: string): Promise<void>;
  };
  await bundle(ROOT, { main: 'src/local-cloud/main.ts' }, program);
  writeFileSync(path.join(program, 'package.json'), '{"type":"module"}');
  entry = path.join(program, 'main.js');
});
afterAll(() => removeDirectory(program));

let directory: string;
let held: LaunchedCloud[];
/** Of the last cloud of each directory. */
const pids = new Map<string, number>();
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'local-cloud-'));
  held = [];
});
afterEach(async () => {
  for (const cloud of held) await cloud.release();
  await ended(directory);
  await removeDirectory(directory);
});

async function launch(options: { reset?: boolean; at?: string } = {}): Promise<LaunchedCloud> {
  const { at = directory, ...rest } = options;
  const cloud = await launchLocalCloud({ stateDirectory: at, entry, ...rest });
  held.push(cloud);
  pids.set(at, announced(at)?.pid as number);
  return cloud;
}

function announced(at: string): { pid: number } | undefined {
  try {
    return JSON.parse(readFileSync(path.join(at, 'cloud.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Waits until the cloud of the directory has gone; the test's own timeout ends a wait that never does. */
async function ended(at: string): Promise<void> {
  for (;;) {
    const pid = pids.get(at);
    if (pid === undefined || !lives(pid)) return;
    await sleep(20);
  }
}

async function killCloud(at: string): Promise<void> {
  const pid = announced(at)?.pid as number;
  process.kill(pid, 'SIGKILL');
  while (lives(pid)) await sleep(10);
}

/** With the keys that this cloud has given itself. */
const client = ({ aws, environment }: LaunchedCloud) =>
  new SSMClient(
    clientConfiguration(aws, {
      accessKeyId: environment.AWS_ACCESS_KEY_ID as string,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY as string,
    }),
  );
const put = (cloud: LaunchedCloud, Name: string) =>
  client(cloud).send(new PutParameterCommand({ Name, Value: 'v', Type: 'String' }));
const get = (cloud: LaunchedCloud, Name: string) => client(cloud).send(new GetParameterCommand({ Name }));

test('two commands at once share one cloud, which ends with the last of them and keeps its ports', async () => {
  const both = await Promise.all([launch(), launch()]);
  expect(both[0].aws).toBe(both[1].aws);
  expect(both.filter(({ startedHere }) => startedHere).length).toBeGreaterThanOrEqual(1);
  await put(both[0], '/kept');
  await both[0].release();
  await get(both[1], '/kept');
  await both[1].release();
  await ended(directory);
  const again = await launch();
  expect(again.startedHere).toBe(true);
  expect(again.aws).toBe(both[0].aws);
  await get(again, '/kept');
});

test('everything that was acknowledged is there after kill -9 in the middle of writes', async () => {
  const cloud = await launch();
  const acknowledged: string[] = [];
  const writer = async (lane: number) => {
    for (let n = 0; ; n++) {
      const name = `/lane/${lane}/${n}`;
      try {
        await put(cloud, name);
      } catch {
        return;
      }
      acknowledged.push(name);
    }
  };
  const writers = [1, 2, 3, 4].map(writer);
  while (acknowledged.length < 40) await sleep(5);
  await killCloud(directory);
  await Promise.all(writers);
  const next = await launch();
  expect(next.warnings).toEqual([]);
  for (const name of acknowledged) await get(next, name);
});

test('what points tools at the cloud is told to who can read its state, not to everybody on the machine', async () => {
  const cloud = await launch();
  for (const headers of [{}, { 'x-cachao-token': 'guessed' }]) {
    const answer = await fetch(`${cloud.aws}/_cachao/lease`, { headers: headers as Record<string, string> });
    expect(answer.status).toBe(403);
    expect(await answer.text()).not.toContain(cloud.environment.CACHAO_DATABASE_PASSWORD);
  }
  expect(statSync(path.join(directory, 'cloud.json')).mode & 0o077).toBe(0);
  // Nor can the keys be guessed that open what is stored there.
  const guessed = new SSMClient(clientConfiguration(cloud.aws));
  await expect(guessed.send(new GetParameterCommand({ Name: '/any' }))).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
  });
});

test('a lock whose pid another program has by now does not block', async () => {
  // This process lives, and is not who wrote the lock: its start time tells.
  writeFileSync(path.join(directory, 'lock-3'), JSON.stringify({ pid: process.pid, started: '1' }));
  expect((await launch()).startedHere).toBe(true);
});

test('the cloud of another state is not joined when it has the port that a killed one announced', async () => {
  const other = mkdtempSync(path.join(tmpdir(), 'local-cloud-'));
  try {
    const theirs = await launch({ at: other });
    writeFileSync(path.join(directory, 'cloud.json'), readFileSync(path.join(other, 'cloud.json')));
    const ours = await launch();
    expect(ours.aws).not.toBe(theirs.aws);
    await theirs.release();
    await ended(other);
  } finally {
    await removeDirectory(other);
  }
});

test('a damaged journal is kept aside with a message, and what is whole in it is there', async () => {
  await put(await launch(), '/kept');
  await killCloud(directory);
  const journal = path.join(directory, 'journal.jsonl');
  writeFileSync(journal, `not a journal\n${readFileSync(journal, 'utf8')}`);
  const next = await launch();
  expect(next.warnings.join()).toMatch(/journal\.jsonl .* set aside/);
  await get(next, '/kept');
});

test('a torn last line is dropped, and what stands before it is kept', async () => {
  await put(await launch(), '/kept');
  await killCloud(directory);
  const journal = path.join(directory, 'journal.jsonl');
  writeFileSync(journal, `${readFileSync(journal, 'utf8')}[["ssm.parameters","eu-west-1//torn",{"na`);
  const next = await launch();
  expect(next.warnings).toEqual([]);
  await get(next, '/kept');
});

test('a reset empties the world, and is refused while somebody uses it', async () => {
  const cloud = await launch();
  await put(cloud, '/gone');
  await expect(launch({ reset: true })).rejects.toThrow(/in use/);
  await get(cloud, '/gone');
  await cloud.release();
  await ended(directory);
  await expect(get(await launch({ reset: true }), '/gone')).rejects.toMatchObject({
    name: 'ParameterNotFound',
  });
});

test('only the port that another program has is given up for another, and that is told', async () => {
  const first = await launch();
  await first.release();
  await ended(directory);
  const squatter = createServer().listen(Number(new URL(first.aws).port), '127.0.0.1');
  await once(squatter, 'listening');
  try {
    const next = await launch();
    expect(next.aws).not.toBe(first.aws);
    expect([next.stripe, next.database.url]).toEqual([first.stripe, first.database.url]);
    expect(next.warnings.join()).toContain(new URL(first.aws).port);
  } finally {
    squatter.close();
  }
});

test('ports are of the state’s own range, below those that systems give to outgoing connections', async () => {
  const { aws, stripe, database } = await launch();
  for (const url of [aws, stripe, database.url]) expect(Number(new URL(url).port)).toBeLessThan(32_768);
});

test('an address that asks for a taken port, and a directory that is none, are told in one sentence', async () => {
  const squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  const { port } = squatter.address() as AddressInfo;
  await expect(
    launchLocalCloud({ stateDirectory: directory, entry, ports: { aws: port } }),
  ).rejects.toMatchObject({
    reason: 'port-taken',
    message: `The local cloud did not start: port ${port} is taken.`,
  });
  squatter.close();
  const file = path.join(directory, 'file');
  writeFileSync(file, '');
  await expect(launchLocalCloud({ stateDirectory: path.join(file, 'local'), entry })).rejects.toMatchObject({
    reason: 'not-writable',
    message: expect.stringMatching(
      /^The local cloud did not start: its directory \S+ cannot be written to \(ENOTDIR\)\.$/,
    ),
  });
});
