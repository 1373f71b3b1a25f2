import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliResult, cachao, workingDirectory } from './support/cli.js';
import { schemaErrors } from './support/schema.js';

/** A newcomer's first minutes, with nothing but the built binary: the local cloud in its own process. */
describe('cachao setup --local', () => {
  const directory = workingDirectory();
  let first: CliResult;
  let second: CliResult;
  const environment = {};
  const run = (...args: string[]) => cachao(args, { cwd: directory.path, environment });

  beforeAll(async () => {
    first = await run('setup', '--local', '--yes', '--json');
    second = await run('setup', '--local', '--yes', '--json');
  });
  afterAll(() => directory.remove());

  it('ends with a paid test order that every path delivered', () => {
    expect(first.stderr + first.stdout).not.toMatch(/at .*\.js:\d+/);
    expect(first.code).toBe(0);
    const report = JSON.parse(first.stdout);
    expect(schemaErrors(report)).toEqual([]);
    expect(report).toMatchObject({ command: 'setup', outcome: 'changed', exitCode: 0, error: null });
    expect(report.checkout).toMatchObject({
      passed: true,
      proof: 'payment',
      orderStatus: 'paid',
      testOrderRemoved: true,
    });
    expect(
      report.checkout.paths.map((one: { via: string; delivered: boolean }) => [one.via, one.delivered]),
    ).toEqual([
      ['eventbridge', true],
      ['webhook', true],
    ]);
    expect(report.checkout.paths.map((one: { outcome: string }) => one.outcome).sort()).toEqual([
      'no-change',
      'paid',
    ]);
    expect(report.findings.filter((finding: { outcome: string }) => finding.outcome === 'fail')).toEqual([]);
  });

  it('shows the hops in the order of their times', () => {
    const { hops } = JSON.parse(first.stdout).checkout as { hops: { label: string; at: string | null }[] };
    const arrivals = hops.filter((hop) => hop.at !== null).map((hop) => Date.parse(hop.at as string));
    expect(arrivals.length).toBeGreaterThanOrEqual(5);
    expect(Math.min(...arrivals)).toBe(arrivals[0]);
  });

  it('changes nothing when run again, and proves the path again', () => {
    expect(second.code).toBe(0);
    const report = JSON.parse(second.stdout);
    expect(report).toMatchObject({ outcome: 'unchanged', exitCode: 0, changes: [] });
    expect(report.checkout.passed).toBe(true);
  });

  it('is as healthy when other programs have taken all its ports meanwhile', async () => {
    const journal = fs.readFileSync(path.join(directory.path, '.cachao', 'local', 'journal.jsonl'), 'utf8');
    const ports: number[] = Object.values(
      JSON.parse(/"cloud\.ports","listeners",(\{.*?\})/.exec(journal)?.[1] ?? ''),
    );
    expect(ports).toHaveLength(3);
    const squatters = await Promise.all(ports.map(takePort));
    try {
      const doctor = await run('doctor', '--local', '--json');
      expect(doctor.code, doctor.stdout).toBe(0);
      expect(doctor.stderr).toContain(`aws from port ${ports[0]} to `);
      const again = await run('setup', '--local', '--yes', '--json');
      expect(again.code, again.stdout).toBe(0);
      expect(JSON.parse(again.stdout)).toMatchObject({ outcome: 'unchanged', checkout: { passed: true } });
    } finally {
      for (const squatter of squatters) squatter.close();
    }
  });

  it('writes no configuration file and keeps its state to the owner', () => {
    expect(fs.readdirSync(directory.path).filter((name) => !name.startsWith('.'))).toEqual([]);
    const state = path.join(directory.path, '.cachao', 'local');
    for (const name of fs.readdirSync(state))
      expect(fs.statSync(path.join(state, name)).mode & 0o077, name).toBe(0);
  });
});

/** Listens on a port as soon as the cloud of the run before has left it. */
async function takePort(port: number): Promise<net.Server> {
  for (;;) {
    const server = net.createServer();
    const taken = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (taken) return server;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('cachao setup --local --dry-run from nothing', () => {
  const directory = workingDirectory();
  afterAll(() => directory.remove());

  it('lists every change, with what is known only later, and makes none', async () => {
    const dry = await cachao(['setup', '--local', '--dry-run', '--json'], { cwd: directory.path });
    expect(dry.code).toBe(0);
    const report = JSON.parse(dry.stdout);
    expect(report.outcome).toBe('planned');
    const resources = report.changes.map((change: { resource: string }) => change.resource);
    expect(resources).toEqual(
      expect.arrayContaining([
        'Stripe event destination',
        'partner event source',
        'event bus',
        'SSM SecureString',
        'Stripe webhook endpoint',
      ]),
    );
    expect(dry.stdout).toContain('(known after apply)');
    const again = JSON.parse(
      (await cachao(['setup', '--local', '--dry-run', '--json'], { cwd: directory.path })).stdout,
    );
    expect(again.changes).toEqual(report.changes);
    expect(fs.existsSync(path.join(directory.path, 'cachao.config.json'))).toBe(false);
  });
});
