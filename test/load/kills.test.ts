import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RowDataPacket } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LaunchedCloud, launchLocalCloud } from '../../src/local-cloud/launch.js';
import { cachao, workingDirectory } from '../e2e/support/cli.js';
import { lives, processesHaveEndedIn, removeDirectory } from '../support/directories.js';
import { Traffic } from './payments.js';

const ENTRY = fileURLToPath(new URL('../../dist/local-cloud/main.js', import.meta.url));
const ALL = process.env.CACHAO_SWEEP === 'all';
/** Payments that were acknowledged when the cloud dies. */
const KILL_AFTER = ALL ? Array.from({ length: 40 }, (_, at) => at) : [0, 3, 8, 21];
const ORDERS = 32;
const AT_ONCE = 4;

/** A stage that setup made in the built local cloud's own process, and `kill -9` in the middle of its traffic. */
describe('kill -9', () => {
  const made = workingDirectory();
  let state: string;
  let cloud: LaunchedCloud | undefined;
  let traffic: Traffic | undefined;
  beforeAll(async () => {
    const { code, stdout, stderr } = await cachao(['setup', '--local', '--yes', '--json'], {
      cwd: made.path,
    });
    expect(code, stdout + stderr).toBe(0);
    await processesHaveEndedIn(path.join(made.path, '.cachao', 'local'));
  });
  afterAll(() => made.remove());
  afterEach(async () => {
    await traffic?.close().catch(() => undefined);
    await cloud?.release();
    await processesHaveEndedIn(state);
    await removeDirectory(state);
  });

  /** Every case begins with the world as setup left it. */
  function copyState(): void {
    state = fs.mkdtempSync(path.join(os.tmpdir(), 'cachao-killed-'));
    fs.cpSync(path.join(made.path, '.cachao', 'local'), state, { recursive: true });
  }

  async function start(): Promise<Traffic> {
    cloud = await launchLocalCloud({ stateDirectory: state, entry: ENTRY });
    expect(cloud.warnings).toEqual([]);
    traffic = await Traffic.open(cloud.environment, 'local');
    return traffic;
  }

  /** Each of these orders is paid in the end, and no order twice. */
  async function allPaidOnce(orders: readonly number[]): Promise<void> {
    const { database } = traffic as Traffic;
    while ((await unpaid(database, orders)) > 0) await sleep(100);
    const tally = await (traffic as Traffic).tally();
    expect(tally['tickets sold']).toBe(tally['paid orders']);
    expect(tally['paid events']).toBe(tally['paid orders'] + TEST_ORDERS);
  }

  it.each(KILL_AFTER)(
    'of the cloud after %i payments: the next start has what was acknowledged, and applies it once',
    async (count) => {
      copyState();
      const before = await start();
      const orders = await before.order(ORDERS);
      const acknowledged: number[] = [];
      const paying = before.pay(orders, AT_ONCE, async (_paid, order) => void acknowledged.push(order));
      paying.catch(() => undefined);
      while (acknowledged.length < count) await sleep(2);
      await kill(pidOf(state));
      await expect(paying).rejects.toThrow();
      await cloud?.release();
      await start();
      await allPaidOnce(acknowledged);
    },
  );

  it('of functions, again and again, in the middle of their transactions: every payment is applied once', async () => {
    copyState();
    const shop = await start();
    const orders = await shop.order(ORDERS);
    let paid = false;
    const paying = shop
      .pay(orders, AT_ONCE, async () => {})
      .then(() => {
        paid = true;
      });
    for (let kills = 0; !paid || kills < 3; ) {
      for (const pid of functionsOf(pidOf(state))) {
        process.kill(pid, 'SIGKILL');
        kills += 1;
      }
      await sleep(150);
    }
    await paying;
    await allPaidOnce(orders);
  });

  it('of a function that waits for a row somebody else holds: its lock goes with it, and the payment is tried again', async () => {
    copyState();
    const shop = await start();
    const [order] = await shop.order(1);
    await shop.database.query('START TRANSACTION');
    await shop.database.query('SELECT id FROM ticket_orders WHERE id = ? FOR UPDATE', [order]);
    const other = await Traffic.open((cloud as LaunchedCloud).environment, 'local');
    await other.pay([order as number], 1, async () => {});
    while (functionsOf(pidOf(state)).length === 0) await sleep(5);
    // Long enough that it waits for the row.
    await sleep(1000);
    for (const pid of functionsOf(pidOf(state))) process.kill(pid, 'SIGKILL');
    await shop.database.query('COMMIT');
    await other.close();
    await allPaidOnce([order as number]);
  });
});

/** Setup's own test order was paid and removed again: its event stays in the ledger. */
const TEST_ORDERS = 1;

async function unpaid(database: Traffic['database'], orders: readonly number[]): Promise<number> {
  if (orders.length === 0) return 0;
  const [[row]] = await database.query<RowDataPacket[]>(
    `SELECT COUNT(*) AS n FROM ticket_orders WHERE status <> 'paid' AND id IN (${orders.join(', ')})`,
  );
  return Number(row?.n);
}

function pidOf(state: string): number {
  return (JSON.parse(fs.readFileSync(path.join(state, 'cloud.json'), 'utf8')) as { pid: number }).pid;
}

/** Processes that a cloud started: its functions. */
function functionsOf(cloud: number): number[] {
  const tasks = fs.readdirSync(`/proc/${cloud}/task`);
  return tasks.flatMap((task) =>
    fs.readFileSync(`/proc/${cloud}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}

async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  while (lives(pid)) await sleep(5);
}
