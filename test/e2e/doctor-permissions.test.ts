import { DisableRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.js';
import { startTestCloud, type TestCloud } from '../support/local-cloud.js';
import { cachao, workingDirectory } from './support/cli.js';
import { environmentFor } from './support/clouds.js';
import { type Allowed, confine, printedPolicy, told, without } from './support/least-privilege.js';

describe('the permissions that cachao policy prints for doctor', () => {
  const directory = workingDirectory();
  let cloud: TestCloud;
  let printed: Allowed;
  beforeAll(async () => {
    cloud = await startTestCloud();
    const setup = await cachao(['setup', '--yes', '--json'], {
      cwd: directory.path,
      environment: environmentFor(cloud),
    });
    expect(setup.code, told(setup).slice(-2000)).toBe(0);
    printed = await printedPolicy(cloud, 'doctor', directory.path);
  });
  afterAll(async () => {
    await cloud?.close();
    await directory.remove();
  });

  async function findings(allowed: Allowed): Promise<Finding[]> {
    const { stdout } = await cachao(['doctor', '--deep', '--json'], {
      cwd: directory.path,
      environment: await confine(cloud, allowed),
    });
    return (JSON.parse(stdout) as { findings: Finding[] }).findings;
  }

  it('are enough to look at everything, and account.permissions says so', async () => {
    const found = await findings(printed);
    expect(
      found.filter(({ outcome }) => outcome === 'unknown').map(({ id, summary }) => `${id}: ${summary}`),
    ).toEqual([]);
    expect(found.find(({ id }) => id === 'account.permissions')).toMatchObject({ outcome: 'pass' });
  });

  it('are not enough to repair: those of doctor --fix are', async () => {
    await confine(cloud, { ...printed, statements: [{ Effect: 'Allow', Action: ['*'], Resource: ['*'] }] });
    const bridge = new EventBridgeClient(cloud.client);
    const rule = cloud.cloud.store
      .table<{ name: string; bus: string }>('events.rules')
      .values()
      .find(({ name }) => !name.startsWith('Events-Archive'));
    await bridge.send(new DisableRuleCommand({ Name: rule?.name ?? '', EventBusName: rule?.bus ?? '' }));
    const fix = async (allowed: Allowed) =>
      cachao(['doctor', '--fix', '--yes', '--only', 'eventbridge', '--json'], {
        cwd: directory.path,
        environment: await confine(cloud, allowed),
      });
    const refused = await fix(printed);
    expect(refused.code).not.toBe(0);
    expect(told(refused)).toContain('events:EnableRule');
    const repaired = await fix(await printedPolicy(cloud, 'doctor --fix', directory.path));
    expect({ code: repaired.code, error: JSON.parse(repaired.stdout).error }).toEqual({
      code: 0,
      error: null,
    });
  });

  it('are missed when one is taken away, by the checks that need it and by account.permissions', async () => {
    const found = await findings(without(printed, 'sqs:GetQueueAttributes'));
    const permissions = found.find(({ id }) => id === 'account.permissions');
    expect(permissions?.outcome).toBe('fail');
    expect(permissions?.summary).toMatch(
      /is not authorized to perform 1 of \d+ actions: sqs:GetQueueAttributes$/,
    );
    expect(permissions?.evidence[0]?.value).toContain('queue.retention');
    expect(found.find(({ id }) => id === 'queue.retention')?.outcome).toBe('unknown');
  });
});
