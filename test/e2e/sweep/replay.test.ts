import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  destinationRecord,
  FAILED_FUNCTION,
  type Sale,
  Shop,
  UNDELIVERED,
} from '../../replay/support/shop.js';
import { type SavedStage, Stage, saveStage } from '../../replay/support/stage.js';
import { cachao } from '../support/cli.js';
import { environmentFor } from '../support/clouds.js';

/** More calls to one service than such a run makes. */
const BEYOND = 80;
/** Which n are tried: all with `npm run sweep`, else every third. */
const STEP = process.env.CACHAO_SWEEP === 'all' ? 1 : 3;
/** A killed run hides what it held for so long. */
const HOLD_MS = 61_000;
const RUN = ['replay-dlq', '--yes', '--json', '--concurrency', '3', '--quarantine', 'quarantine'];

/**
 * A replay of a queue of mixed messages is killed (SIGKILL) when its n-th call to SQS or Lambda has had its effect and
 * before it hears of it, for every n, and run again: nothing is lost, every order is right, and each event stands once
 * in the ledger. Calls to other services only read, before the first message is received.
 */
describe('replay-dlq, killed after its n-th call and run again', () => {
  let saved: SavedStage;
  let sales: Sale[];

  beforeAll(async () => {
    saved = await saveStage();
    const stage = await Stage.open(saved);
    const shop = await Shop.open(stage);
    sales = await Promise.all(Array.from({ length: 4 }, () => shop.sell()));
    const [a, b, c, d] = sales as [Sale, Sale, Sale, Sale];
    shop.lose(a.envelope, UNDELIVERED);
    shop.lose(b.envelope, FAILED_FUNCTION, 'function');
    shop.lose(destinationRecord(c.envelope), {}, 'function');
    // The same event in both queues, and what nobody can deliver.
    shop.lose(d.envelope, UNDELIVERED);
    shop.lose(destinationRecord(d.envelope), {}, 'function');
    shop.lose('not an event', UNDELIVERED);
    await stage.keepIn(saved);
  });
  afterAll(() => saved?.remove());

  it.each(['sqs', 'lambda'])(
    'loses nothing, for every n of its calls to %s',
    async (service) => {
      let n = 0;
      for (; n < BEYOND; n += STEP) if (!(await killedAfter(service, n))) break;
      expect(n, `calls to ${service} that were swept`).toBeGreaterThan(service === 'sqs' ? 8 : 4);
      expect(n).toBeLessThan(BEYOND);
    },
    1_800_000,
  );

  /** Whether a run made so many calls at all. */
  async function killedAfter(service: string, n: number): Promise<boolean> {
    const stage = await Stage.open(saved);
    const { cloud } = stage.cloud;
    try {
      const options = { cwd: stage.directory, environment: environmentFor(stage.cloud) };
      cloud.faults.set([{ service, operation: '*', kind: 'hang-after', after: n, times: 1 }]);
      const fired = () => cloud.faults.list().some((fault) => fault.fired > 0);
      const killed = await cachao(RUN, {
        ...options,
        started: (child) => {
          const watch = setInterval(() => {
            if (!fired() && child.exitCode === null) return;
            clearInterval(watch);
            child.kill('SIGKILL');
          }, 5);
        },
      });
      const reached = fired();
      cloud.faults.set([]);
      if (reached) {
        expect(killed.signal, `n = ${n}`).toBe('SIGKILL');
        await cloud.clock.advance(HOLD_MS);
        const again = await cachao(RUN, options);
        expect(again.code, `n = ${n}: ${again.stdout}${again.stderr}`).toBe(0);
      } else expect(killed.code, killed.stdout + killed.stderr).toBe(0);
      await expectAllDone(stage, n);
      return reached;
    } finally {
      await stage.close();
    }
  }

  async function expectAllDone(stage: Stage, n: number): Promise<void> {
    const shop = await Shop.open(stage);
    expect(await shop.waiting(), `n = ${n}`).toEqual({ visible: 0, inFlight: 0 });
    for (const { orderId } of sales) expect(await shop.statusOf(orderId), `n = ${n}`).toBe('paid');
    const ledger = await shop.ledger(...sales.map(({ event }) => event.id));
    expect(ledger.map(({ outcome }) => outcome)).toEqual(sales.map(() => 'paid'));
    const quarantine = path.join(stage.directory, 'quarantine');
    expect(readdirSync(quarantine).filter((name) => name.endsWith('.json'))).toHaveLength(1);
  }
});
