import type { Operations } from '../../handlers/contract/operations.js';
import { operate } from './operations.js';
import { hasEnded, nameOfRun } from './run-owner.js';
import type { World } from './world.js';

/** Older than any run takes, for orders that do not say how long theirs may take. */
const LONGEST_RUN_MINUTES = 60;
/** What a run needs beside waiting for the paths. */
const MARGIN_SECONDS = 120;

/** A test order marked with who makes it, and how long that may take. */
export async function createTestOrder(
  world: World,
  runId: string,
  amountMinor: number,
  timeoutMs: number,
): Promise<Operations['create-test-order']['response']> {
  return operate(world, 'create-test-order', {
    runId,
    amountMinor,
    owner: await nameOfRun(),
    forSeconds: Math.ceil(timeoutMs / 1000) + MARGIN_SECONDS,
  });
}

/** Test orders of this stage whose run is surely over: its process has ended, or its time has. */
export async function leftTestOrders(world: World): Promise<string[]> {
  const { orderIds, others = [] } = await operate(world, 'list-test-orders', {
    olderThanMinutes: LONGEST_RUN_MINUTES,
  });
  const ended = await Promise.all(others.map(({ owner }) => hasEnded(owner)));
  return [...orderIds, ...others.filter((_, index) => ended[index]).map(({ orderId }) => orderId)];
}
