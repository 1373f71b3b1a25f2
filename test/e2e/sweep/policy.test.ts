import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCloud, type TestCloud } from '../../support/local-cloud.js';
import type { SavedWorld } from '../../support/worlds.js';
import { type CliResult, cachao, workingDirectory } from '../support/cli.js';
import {
  type Allowed,
  confine,
  printedPolicy,
  recordActions,
  told,
  without,
} from '../support/least-privilege.js';
import { savedSetUp } from '../support/saved-world.js';
import { stripeOf } from '../support/world.js';

/** A run of each command that does what it is there for. */
const RUNS: Record<
  string,
  { from: 'nothing' | 'set-up'; args: string[] | ((cloud: TestCloud) => Promise<string[]>) }
> = {
  setup: { from: 'nothing', args: ['--yes'] },
  deploy: { from: 'set-up', args: ['--yes', '--throttle-rate', '7'] },
  doctor: { from: 'set-up', args: ['--deep'] },
  checkout: { from: 'set-up', args: [] },
  'replay-dlq': { from: 'set-up', args: ['--yes'] },
  reconcile: { from: 'set-up', args: [] },
  trace: { from: 'set-up', args: lastPayment },
  'rotate-secret': { from: 'set-up', args: ['--yes', '--grace', '1'] },
  destroy: { from: 'set-up', args: ['--yes', '--allow-deletions', '--delete-data'] },
};

interface Report {
  error: unknown;
  findings: { id: string; outcome: string; severity: string; summary: string }[];
}

/** Of the actions that a run asks for, every so-manieth is taken away: all with `npm run sweep`. */
const STEP = process.env.CACHAO_SWEEP === 'all' ? 1 : 25;

describe('under exactly the policy that cachao policy prints', () => {
  const directory = workingDirectory();
  let saved: SavedWorld;
  beforeAll(async () => {
    saved = await savedSetUp();
  });
  afterAll(async () => {
    await directory.remove();
  });

  describe.each(Object.entries(RUNS))('%s', (command, { from, args }) => {
    let allowed: Allowed;
    let asked = new Set<string>();
    const inCloud = async <T>(use: (cloud: TestCloud) => Promise<T>): Promise<T> => {
      const cloud = from === 'nothing' ? await startTestCloud() : await saved.start();
      try {
        return await use(cloud);
      } finally {
        await cloud.close();
      }
    };
    const run = async (cloud: TestCloud, environment: Record<string, string>) =>
      cachao([...command.split(' '), '--json', ...(typeof args === 'function' ? await args(cloud) : args)], {
        cwd: directory.path,
        environment,
      });

    it('works', async () => {
      await inCloud(async (cloud) => {
        allowed = await printedPolicy(cloud, command, directory.path);
        const environment = await confine(cloud, allowed);
        asked = recordActions(cloud);
        const result = await run(cloud, environment);
        const { error, findings } = JSON.parse(result.stdout) as Report;
        expect({
          error,
          code: result.code,
          wrong: findings.filter(({ outcome }) => outcome === 'unknown' || outcome === 'fail'),
        }).toEqual({ error: null, code: 0, wrong: [] });
      });
    });

    it('says which action is missing when one is taken away', { timeout: 3_600_000 }, async () => {
      const actions = [...asked].sort().filter((_, index) => index % STEP === 0);
      const silent: string[] = [];
      for (const action of actions)
        await inCloud(async (cloud) => {
          const result = await run(cloud, await confine(cloud, without(allowed, action)));
          const names = told(result).includes(action);
          if (!names || (result.code === 0 && !mayGoOn(result, action))) silent.push(action);
        });
      expect(silent).toEqual([]);
    });
  });
});

/** What could not be looked at, is only worth a warning, and is told: hand-made changes, logs, the neighbourhood of a payment. */
function mayGoOn({ stdout }: CliResult, action: string): boolean {
  if (action === 'logs:FilterLogEvents') return true;
  const { driftUnknown, findings, trace } = JSON.parse(stdout) as Report & {
    driftUnknown?: string | null;
    trace?: { decided: boolean; unseen: string[] };
  };
  // The ledger has answered; what else could not be looked at is told beside it.
  if (trace?.decided && trace.unseen.some((what) => what.includes(action))) return true;
  const warned = findings.some(
    ({ outcome, severity, summary }) =>
      outcome === 'unknown' && severity === 'warn' && summary.includes(action),
  );
  return warned || (driftUnknown?.includes(action) ?? false);
}

/** The event of the test checkout at the end of setup. */
async function lastPayment(cloud: TestCloud): Promise<string[]> {
  const { data } = await stripeOf(cloud).events.list({ type: 'checkout.session.completed', limit: 1 });
  return [data[0]?.id ?? ''];
}
