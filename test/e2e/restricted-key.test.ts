import { afterAll, describe, expect, it } from 'vitest';
import { startTestCloud } from '../support/local-cloud.js';
import { cachao, workingDirectory } from './support/cli.js';
import { confine, printedPolicy, told } from './support/least-privilege.js';

/** What no public page says of restricted keys: each may be allowed, or refused with 403. */
const UNCERTAIN = ['GET /v1/account', 'POST /v1/payment_pages/{id}/confirm'];

describe('a restricted key that Stripe refuses what no permission is known for', () => {
  const directory = workingDirectory();
  afterAll(() => directory.remove());

  it('sets a stage up, and proves it with a session that expires', async () => {
    const cloud = await startTestCloud();
    try {
      const environment = await confine(cloud, await printedPolicy(cloud, 'setup', directory.path));
      cloud.cloud.faults.set(
        UNCERTAIN.map((operation) => ({ service: 'stripe', operation, kind: 'error', status: 403 })),
      );
      const run = await cachao(['setup', '--yes', '--json'], { cwd: directory.path, environment });
      expect(run.code, told(run).slice(-2000)).toBe(0);
      expect(JSON.parse(run.stdout).checkout).toMatchObject({ passed: true, proof: 'expiry' });
      expect(cloud.cloud.faults.list().map(({ fired }) => fired > 0)).toEqual([true, true]);
    } finally {
      await cloud.close();
    }
  });
});
