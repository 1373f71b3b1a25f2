import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Probe } from '../../../handlers/contract/operations.js';
import { stripeKey } from '../../../src/checks/account/stripe-key.js';
import { databaseTls } from '../../../src/checks/database/tls.js';
import type { PathCheck } from '../../../src/checks/types.js';
import type { Settings } from '../../../src/config/settings.js';
import type { Finding } from '../../../src/core/finding.js';
import { inspectOne } from '../../../src/core/inspect.js';
import type { World } from '../../../src/world/world.js';
import { openStage, type SetUpStage, setUpStage } from '../support/set-up-stage.js';

let stage: SetUpStage;
beforeAll(async () => {
  stage = await setUpStage();
});
afterAll(() => stage?.close());
afterEach(() => stage.cloud.cloud.faults.set([]));

/** What a check says, of the stage or of one with other settings. */
async function found(id: string, settings: Partial<Settings> = {}): Promise<Finding | undefined> {
  const looking = await openStage({ cloud: stage.cloud, settings });
  return (await looking.inspect({ only: [id] })).find((finding) => finding.id === id);
}
const inspect = (check: PathCheck, world: World) => inspectOne(check as never, world);

describe('the account', () => {
  it('keys that AWS does not know: account.aws-identity', async () => {
    stage.cloud.cloud.faults.set([
      { service: 'sts', operation: '*', kind: 'error', status: 403, code: 'InvalidClientTokenId' },
    ]);
    expect(await found('account.aws-identity')).toMatchObject({
      outcome: 'unknown',
      severity: 'fail',
      summary: expect.stringMatching(/does not accept the credentials/),
    });
  });

  it('a region that the key may not look into: account.aws-region', async () => {
    stage.cloud.cloud.faults.set([{ service: 'events', operation: 'ListEventSources', kind: 'deny' }]);
    const finding = await found('account.aws-region');
    expect(finding).toMatchObject({ outcome: 'unknown', severity: 'fail' });
    expect(finding?.evidence).toContainEqual({ label: 'missing', value: 'events:ListEventSources' });
  });

  it('a key that Stripe does not know: account.stripe-key', async () => {
    const finding = await inspect(stripeKey, stage.open({}, 'sk_test_unknownunknownunknown').world);
    expect(finding).toMatchObject({ outcome: 'unknown', severity: 'fail' });
    expect(JSON.stringify(finding)).not.toContain('unknownunknown');
  });

  it('more concurrency than the account has: account.concurrency', async () => {
    expect(await found('account.concurrency', { reservedConcurrency: 990 })).toMatchObject({
      outcome: 'warn',
      summary: expect.stringContaining('cannot be reserved, so none is'),
      remedy: { fixable: false },
    });
    expect(await found('account.concurrency')).toMatchObject({ outcome: 'pass' });
  });
});

describe('the connection to the database', () => {
  const probed = (
    database: Partial<Extract<Probe['database'], { reachable: true }>>,
    mode: Settings['mode'],
  ) => {
    const { world } = stage.open();
    Object.assign(world.settings, { mode });
    // The embedded database is always on this machine: only its answer can be another's.
    void world.once('operations.probe', async () => ({
      database: { reachable: true, latencyMs: 1, version: '10.11', tls: 'off', local: false, ...database },
    }));
    return inspect(databaseTls, world).finally(() => Object.assign(world.settings, { mode: 'test' }));
  };

  it('is not encrypted: database.tls warns, and fails where real money is taken', async () => {
    expect(await probed({}, 'test')).toMatchObject({
      outcome: 'warn',
      summary: 'the connection is not encrypted',
      remedy: { fixable: false },
    });
    expect(await probed({}, 'live')).toMatchObject({ outcome: 'fail' });
    expect(await probed({ tls: 'verified' }, 'live')).toMatchObject({ outcome: 'pass' });
  });
});

describe('the stack', () => {
  it('has settings that were never deployed: stack.current', async () => {
    const changed = await openStage({ cloud: stage.cloud, settings: { throttle: { rate: 7, burst: 9 } } });
    const current = async () => (await changed.inspect()).find(({ id }) => id === 'stack.current');
    expect(await current()).toMatchObject({
      outcome: 'warn',
      actual: expect.stringContaining('Throttle'),
      remedy: { fixable: true },
    });
    expect((await changed.repair('stack.current')).finding.outcome).toBe('pass');
    expect(await current()).toMatchObject({ outcome: 'pass' });
    expect((await stage.repair('stack.current')).finding.outcome).toBe('pass');
  });

  it('was deleted: stack.healthy, and a repair makes all of it again', async () => {
    const client = new CloudFormationClient(stage.client);
    await client.send(new DeleteStackCommand({ StackName: stage.settings.stack.name }));
    await expect
      .poll(async () => (await found('stack.healthy'))?.summary, { timeout: 600_000 })
      .toMatch(/is not deployed/);
    const broken = (await stage.inspect()).filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
    expect(broken).toContain('stack.healthy');
    await stage.repair();
    const unwell = (await stage.inspect()).filter(
      ({ outcome, id }) => outcome !== 'pass' && !id.startsWith('alarm.'),
    );
    expect(unwell.map(({ id, summary }) => `${id}: ${summary}`)).toEqual([]);
  });
});
