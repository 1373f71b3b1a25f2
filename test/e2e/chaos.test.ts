import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../src/local-cloud/kernel/faults.js';
import { startTestCloud } from '../support/local-cloud.js';
import { type CliResult, cachao, workingDirectory } from './support/cli.js';
import { environmentFor } from './support/clouds.js';
import { worldOf } from './support/world.js';

/** With a seed, so that how many calls pass before one fails is the same on every run. */
const everywhere = (kind: Fault['kind'], rate: number): Fault => ({
  service: '*',
  operation: '*',
  kind,
  rate,
  seed: 20_261_125,
});

/** Every call to AWS and Stripe may meet them, setup's and the functions' own. */
const SCENARIOS: [string, Fault[]][] = [
  ['throttling, and answers of 500', [everywhere('throttle', 0.2), everywhere('error', 0.1)]],
  ['answers of 500 to calls that had their effect', [everywhere('error-after', 0.2)]],
  [
    'connections cut before and after the effect',
    [everywhere('reset', 0.1), everywhere('reset-after', 0.15)],
  ],
];

interface Told {
  exitCode: number;
  outcome: string;
  error: { code: string; message: string } | null;
  findings: { id: string; outcome: string; summary: string }[];
  checkout: { passed: boolean; summary: string } | null;
}

describe('setup, while AWS and Stripe fail at random', () => {
  const directory = workingDirectory();
  let undisturbed: Awaited<ReturnType<typeof worldOf>>;

  beforeAll(async () => {
    const cloud = await startTestCloud();
    const { code } = await cachao(['setup', '--yes', '--json'], {
      cwd: directory.path,
      environment: environmentFor(cloud),
    });
    expect(code).toBe(0);
    undisturbed = await worldOf(cloud);
    await cloud.close();
  });
  afterAll(() => directory.remove());

  it.each(SCENARIOS)('converges, or stops with the truth and converges afterwards: %s', async (_, faults) => {
    const cloud = await startTestCloud();
    const setup = () =>
      cachao(['setup', '--yes', '--json'], {
        cwd: directory.path,
        environment: environmentFor(cloud),
      });
    try {
      cloud.cloud.faults.set(faults);
      const disturbed = await setup();
      for (const fault of cloud.cloud.faults.list()) expect(fault.fired, fault.kind).toBeGreaterThan(0);
      cloud.cloud.faults.set([]);
      tellsTheTruth(disturbed);
      const again = await setup();
      expect(again.code, again.stdout + again.stderr).toBe(0);
      expect(JSON.parse(again.stdout).checkout.passed).toBe(true);
      expect(await worldOf(cloud)).toEqual(undisturbed);
    } finally {
      await cloud.close();
    }
  });
});

/** It succeeded; or it names the failing service and what to do; never a defect, and nothing is called unhealthy unseen. */
function tellsTheTruth({ code, stdout, stderr }: CliResult): void {
  expect(stdout + stderr).not.toMatch(/\n\s+at .+:\d+:\d+/);
  expect(stdout + stderr).not.toMatch(/DEFECT|the check itself failed|undefined|\[object Object\]/);
  const told: Told = JSON.parse(stdout);
  expect(told.exitCode).toBe(code);
  if (code === 0) {
    expect(told.error).toBeNull();
    return;
  }
  const shown = JSON.stringify(told.error ?? told.checkout ?? told.findings.map((one) => one.summary));
  expect([1, 3], shown).toContain(code);
  if (told.error) {
    expect(told.error.code).toMatch(/^[A-Z][A-Z0-9_]+$/);
    expect(told.error.message).not.toBe('');
  } else if (told.checkout) {
    expect(told.checkout).toMatchObject({ passed: false, summary: expect.stringMatching(/\S/) });
  } else expect(told.findings.filter((one) => one.outcome === 'unknown')).not.toEqual([]);
}
