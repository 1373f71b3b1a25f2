import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Store } from '../../src/local-cloud/kernel/store.js';
import { removeDirectory } from '../support/directories.js';

interface Order {
  n: number;
  note: string;
}

let directory: string;
let open: Store[];
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'store-'));
  open = [];
});
afterEach(async () => {
  for (const store of open) store.close();
  await removeDirectory(directory);
});

/** Both ways of keeping records, side by side. */
function start() {
  const store = new Store(directory);
  open.push(store);
  return {
    store,
    kept: [store.table<Order>('orders', { onDisk: true }), store.table<Order>('orders-in-memory')] as const,
  };
}

const order = (n: number): Order => ({ n, note: `naïve ☃ ${'x'.repeat(n % 50)}` });

it('a table on disk reads as one in memory, before and after a flush and in the next process', () => {
  const { store, kept } = start();
  for (const table of kept) {
    for (let n = 0; n < 100; n += 1) table.set(`order ${n}`, order(n));
    store.flush();
    for (let n = 0; n < 100; n += 10) table.delete(`order ${n}`);
    table.set('order 5', order(500));
    store.flush();
    table.set('order 6', order(600));
  }
  const [onDisk, inMemory] = kept;
  expect(onDisk.entries()).toEqual(inMemory.entries());
  expect(onDisk.get('order 5')).toEqual(order(500));
  expect(onDisk.get('order 10')).toBeUndefined();
  store.close();
  const next = start().kept;
  expect(next[0].size).toBe(90);
  expect(next[0].values()).toEqual(next[1].values());
  expect(next[0].get('order 6')).toEqual(order(600));
});

it('a journal that is mostly history is rewritten, and every record is still where it is looked for', () => {
  const { store, kept } = start();
  const journal = path.join(directory, 'journal.jsonl');
  const long = 'y'.repeat(200_000);
  const grown: number[] = [];
  for (let round = 0; round < 60; round += 1) {
    for (const table of kept) {
      table.set('same', { n: round, note: long });
      table.set(`order ${round}`, order(round));
    }
    store.flush();
    grown.push(fs.statSync(journal).size);
  }
  expect(Math.max(...grown)).toBeGreaterThan(grown.at(-1) as number);
  for (const table of kept) {
    expect(table.get('same')).toEqual({ n: 59, note: long });
    for (let round = 0; round < 60; round += 1) expect(table.get(`order ${round}`)).toEqual(order(round));
  }
});

it('a record written by another hand, with spaces and in another order, is read all the same', () => {
  const lines = [
    '{"format":"cachao-local-cloud","version":1}',
    '[ ["orders", "order 1", {"note": "spaced", "n": 1}] ]',
    '[["orders","order 2",{"n":2,"note":"snow\\u2603man"}]]',
  ];
  fs.writeFileSync(path.join(directory, 'key'), 'ab'.repeat(32));
  fs.writeFileSync(path.join(directory, 'journal.jsonl'), `${lines.join('\n')}\n`);
  const [orders] = start().kept;
  expect(orders.values()).toEqual([
    { n: 1, note: 'spaced' },
    { n: 2, note: 'snow☃man' },
  ]);
});
