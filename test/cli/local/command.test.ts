import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../support/run-cli.js';

const PROGRAM = fileURLToPath(new URL('../../../bin/dev.js', import.meta.url));
const schemas = ['report', 'local'].map((name) =>
  JSON.parse(readFileSync(new URL(`../../../schemas/${name}.schema.json`, import.meta.url), 'utf8')),
);
const ajv = new Ajv2020({ allErrors: true, schemas });

/** `cachao local` in a directory, its streams collected. */
function local(cwd: string, ...args: string[]) {
  const child: ChildProcess = spawn(process.execPath, [PROGRAM, 'local', ...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, LANG: 'C.UTF-8', NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const streams = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      streams[name] += text;
    });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  /** Until stdout has a whole line. */
  const line = new Promise<string>((resolve) =>
    child.stdout?.on(
      'data',
      () => streams.stdout.includes('\n') && resolve(streams.stdout.split('\n')[0] ?? ''),
    ),
  );
  return { child, streams, ended, line };
}

/** What the owner of the state can read, and nobody else. */
function tokenOf(cwd: string): Record<string, string> {
  const { token } = JSON.parse(readFileSync(join(cwd, '.cachao', 'local', 'cloud.json'), 'utf8'));
  return { 'x-cachao-token': token };
}

describe('cachao local', () => {
  it('says in one line of JSON where it is reached, goes on, and ends well with Ctrl-C', async () => {
    const cwd = temporaryDirectory();
    const { child, streams, ended, line } = local(cwd, '--json');
    const report = JSON.parse(await line);
    const validate = ajv.getSchema('cachao:/schemas/local.schema.json');
    expect(validate?.(report), JSON.stringify(validate?.errors)).toBe(true);
    const status = await fetch(`${report.aws}/_cachao/status`, { headers: tokenOf(cwd) });
    expect(await status.json()).toMatchObject({ services: expect.arrayContaining(['sqs', 'lambda']) });
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(streams.stdout.trim().split('\n')).toHaveLength(1);
  });

  it('is shared by what runs beside it, which alone may not reset it', async () => {
    const cwd = temporaryDirectory();
    const first = local(cwd, '--json');
    const { aws } = JSON.parse(await first.line);
    const exported = local(cwd, '--export');
    expect(await exported.ended).toBe(0);
    expect(exported.streams.stdout).toContain(`export AWS_ENDPOINT_URL='${aws}'`);
    const reset = local(cwd, '--reset', '--json');
    expect(await reset.ended).toBe(1);
    expect(JSON.parse(reset.streams.stdout).error).toMatchObject({ code: 'LOCAL_CLOUD_UNAVAILABLE' });
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
  });

  it('has nothing to export where none runs: it says how to start one, and writes nothing, nowhere', async () => {
    const cwd = temporaryDirectory();
    const { streams, ended } = local(cwd, '--export');
    expect(await ended).toBe(1);
    expect(streams.stdout).toBe('');
    expect(streams.stderr).toContain('LOCAL_NOT_RUNNING');
    expect(streams.stderr).toContain('Run cachao local in another terminal');
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('says so when the clouds end under it', async () => {
    const cwd = temporaryDirectory();
    const { streams, ended, line } = local(cwd, '--json');
    const { aws } = JSON.parse(await line);
    await fetch(`${aws}/_cachao/stop`, { method: 'POST', headers: tokenOf(cwd) });
    expect(await ended).toBe(1);
    expect(streams.stderr).toContain('LOCAL_CLOUD_ENDED');
    expect(streams.stdout.trim().split('\n')).toHaveLength(1);
  });

  it('keeps its ports and state from one run to the next', async () => {
    const cwd = temporaryDirectory();
    const first = local(cwd, '--json');
    const told = JSON.parse(await first.line);
    first.child.kill('SIGINT');
    await first.ended;
    const second = local(cwd, '--json');
    const again = JSON.parse(await second.line);
    second.child.kill('SIGINT');
    await second.ended;
    expect([again.aws, again.stripe]).toEqual([told.aws, told.stripe]);
  });
});
