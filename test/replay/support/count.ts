import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { ReplayResult } from '../../../src/replay/replay.js';
import { GONE } from '../../../src/replay/types.js';
import type { Sale, Shop } from './shop.js';
import type { Stage } from './stage.js';

/**
 * Counts after a run: every message that was lost is in exactly one of {taken by the function, still in the queue,
 * quarantined}, and each event that was taken was applied once.
 */
export async function countAll(
  stage: Stage,
  shop: Shop,
  result: ReplayResult,
  expected: { messages: number; sales: Sale[]; paid: number; inQueue: number; quarantined?: number },
): Promise<void> {
  const { counts } = result;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const gone = GONE.reduce((sum, fate) => sum + counts[fate], 0);
  const inQueue = await shop.waiting();
  expect(inQueue, 'all that is left can be seen').toEqual({ visible: expected.inQueue, inFlight: 0 });
  expect(total, 'every message has one fate').toBe(expected.messages);
  expect(total - gone, 'what has not gone is in the queue').toBe(expected.inQueue);
  expect(result.remaining).toBe(expected.inQueue);
  expect(counts.quarantined).toBe(expected.quarantined ?? 0);
  const ledger = await shop.ledger(...expected.sales.map(({ event }) => event.id));
  expect(ledger.filter(({ outcome }) => outcome === 'paid')).toHaveLength(expected.paid);
  const statuses = await Promise.all(expected.sales.map(({ orderId }) => shop.statusOf(orderId)));
  expect(statuses.filter((status) => status === 'paid')).toHaveLength(expected.paid);
  expect(fatesInJournal(stage)).toBeGreaterThanOrEqual(total > 0 ? 1 : 0);
}

/** Messages that the last run's journal tells an end of. */
function fatesInJournal(stage: Stage): number {
  const lines = readFileSync(path.join(stage.directory, 'journal.jsonl'), 'utf8').trim().split('\n');
  return new Set(lines.filter(Boolean).map((line) => JSON.parse(line).messageId as string)).size;
}
