import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../src/local-cloud/kernel/faults.js';
import { countAll } from './support/count.js';
import { replayOn } from './support/replaying.js';
import { destinationRecord, FAILED_FUNCTION, type Sale, Shop, UNDELIVERED } from './support/shop.js';
import { type SavedStage, Stage, saveStage } from './support/stage.js';

/** Every shape in which this stage's own event may stand in a queue. */
const SHAPES: [string, (shop: Shop, envelope: unknown) => void][] = [
  ['EventBridge', (shop, envelope) => shop.lose(envelope, UNDELIVERED)],
  ["Lambda's dead-letter target", (shop, envelope) => shop.lose(envelope, FAILED_FUNCTION, 'function')],
  ['an on-failure destination', (shop, envelope) => shop.lose(destinationRecord(envelope), {}, 'function')],
];

let saved: SavedStage;
let stage: Stage;
let shop: Shop;
beforeAll(async () => {
  saved = await saveStage();
  stage = await Stage.open(saved);
  shop = await Shop.open(stage);
});
afterAll(async () => {
  await stage?.close();
  await saved?.remove();
});
afterEach(() => {
  faults();
  // What a test leaves in the queues is not the next one's.
  shop.empty();
  for (const name of ['journal.jsonl', 'quarantine'])
    rmSync(path.join(stage.directory, name), { recursive: true, force: true });
});

const faults = (...list: Fault[]) => stage.cloud.cloud.faults.set(list);

describe.each(SHAPES)('a message of %s', (_name, lose) => {
  let sales: Sale[];
  beforeEach(async () => {
    sales = await Promise.all([shop.sell(), shop.sell(), shop.sell()]);
    for (const { envelope } of sales) lose(shop, envelope);
  });

  it('is delivered though the function is throttled at first', async () => {
    faults({ service: 'lambda', operation: 'Invoke', kind: 'throttle', times: 4 });
    const result = await replayOn(stage, { attempts: 1 });
    await countAll(stage, shop, result, { messages: 3, sales, paid: 3, inQueue: 0 });
  });

  it('stays when the function is throttled to the end', async () => {
    faults({ service: 'lambda', operation: 'Invoke', kind: 'throttle' });
    const result = await replayOn(stage, { attempts: 1 });
    faults();
    await countAll(stage, shop, result, { messages: 3, sales, paid: 0, inQueue: 3 });
    expect(result.reasons).toMatchObject([{ fate: 'failed', code: 'AWS_THROTTLED', count: 3 }]);
  });

  it('stays when the function fails, although its call answers 200', async () => {
    const [sale] = sales as [Sale];
    const wrong = structuredClone(sale.envelope);
    wrong.detail.id = `${wrong.detail.id}x`;
    wrong.detail.data.object.amount_total = 1;
    lose(shop, wrong);
    const result = await replayOn(stage);
    await countAll(stage, shop, result, { messages: 4, sales, paid: 3, inQueue: 1 });
    expect(result.reasons).toMatchObject([{ fate: 'failed', code: 'AMOUNT_MISMATCH', count: 1 }]);
    expect(result.cause).toBeNull();
  });

  it('stays with its copy when both are in hand and the function fails', async () => {
    for (const { envelope } of sales) lose(shop, envelope);
    faults({ service: 'lambda', operation: 'Invoke', kind: 'error' });
    const result = await replayOn(stage, { attempts: 1 });
    faults();
    await countAll(stage, shop, result, { messages: 6, sales, paid: 0, inQueue: 6 });
  });

  it('is applied once though the answer was lost after the effect', async () => {
    faults({ service: 'lambda', operation: 'Invoke', kind: 'reset-after', times: 3 });
    const result = await replayOn(stage, { attempts: 1 });
    await countAll(stage, shop, result, { messages: 3, sales, paid: 3, inQueue: 3 });
    const again = await replayOn(stage);
    await countAll(stage, shop, again, { messages: 3, sales, paid: 3, inQueue: 0 });
  });

  it('goes though SQS at first deletes only some of a batch', async () => {
    let refused = 0;
    const result = await replayOn(stage, {
      sqs: (real) => ({
        async deleteMessages(url, handles) {
          if (refused++ > 0) return real.deleteMessages(url, handles);
          const rest = await real.deleteMessages(url, handles.slice(1));
          const failed = { index: 0, ok: false, code: 'InternalError', message: 'try again' };
          return [failed, ...rest.map((one) => ({ ...one, index: one.index + 1 }))];
        },
      }),
    });
    await countAll(stage, shop, result, { messages: 3, sales, paid: 3, inQueue: 0 });
  });

  it('stays, delivered, when SQS deletes none, and says so', async () => {
    const result = await replayOn(stage, {
      sqs: () => ({
        deleteMessages: async (_url, handles) =>
          handles.map((_, index) => ({ index, ok: false, code: 'InternalError', message: 'no' })),
      }),
    });
    await countAll(stage, shop, result, { messages: 3, sales, paid: 3, inQueue: 3 });
    expect(result.counts.undeleted).toBe(3);
    const again = await replayOn(stage);
    await countAll(stage, shop, again, { messages: 3, sales, paid: 3, inQueue: 0 });
  });

  it('goes though its receipt handle went stale meanwhile', async () => {
    let stale = false;
    const result = await replayOn(stage, {
      sqs: (real) => ({
        async deleteMessages(url, handles) {
          if (stale) return real.deleteMessages(url, handles);
          stale = true;
          // It showed again, and somebody else took it: SQS says "deleted" to the old handle, and deletes nothing.
          await real.changeVisibility(url, handles, 0);
          const taken = await real.receive(url, { most: 10, waitSeconds: 0, visibilitySeconds: 30 });
          const results = await real.deleteMessages(url, handles);
          expect(results.every(({ ok }) => ok)).toBe(true);
          const theirs = taken.map((one) => one.receiptHandle);
          await real.changeVisibility(url, theirs, 0);
          return results;
        },
      }),
    });
    await countAll(stage, shop, result, { messages: 3, sales, paid: 3, inQueue: 0 });
    for (const { arrivals } of await shop.ledger(...sales.map(({ event }) => event.id)))
      expect(arrivals).toHaveLength(1);
  });

  it('that SQS delivers twice is delivered to the function once', async () => {
    const result = await replayOn(stage, {
      sqs: (real) => ({
        async receive(url, options) {
          const messages = await real.receive(url, options);
          return [...messages, ...messages];
        },
      }),
    });
    await countAll(stage, shop, result, { messages: 3, sales, paid: 3, inQueue: 0 });
    for (const { arrivals } of await shop.ledger(...sales.map(({ event }) => event.id)))
      expect(arrivals).toHaveLength(1);
  });

  it('that somebody else takes meanwhile is nobody else’s loss', async () => {
    let taken = 0;
    const result = await replayOn(stage, {
      concurrency: 1,
      sqs: (real) => ({
        async receive(url, options) {
          if (taken++ === 0) shop.empty();
          return real.receive(url, options);
        },
      }),
    });
    await countAll(stage, shop, result, { messages: 0, sales, paid: 0, inQueue: 0 });
    expect(result.error).toBeNull();
  });

  it('of 1 MiB is delivered', async () => {
    const sale = await shop.sell();
    const large = structuredClone(sale.envelope);
    large.detail.data.object.padding = 'x'.repeat(1_040_000);
    lose(shop, large);
    const result = await replayOn(stage);
    await countAll(stage, shop, result, { messages: 4, sales: [...sales, sale], paid: 4, inQueue: 0 });
  });

  it('of another AWS account is not taken at its word', async () => {
    const sale = await shop.sell();
    lose(shop, { ...sale.envelope, account: '210987654321' });
    const result = await replayOn(stage);
    await countAll(stage, shop, result, { messages: 4, sales: [...sales, sale], paid: 3, inQueue: 1 });
    expect(result.reasons).toMatchObject([{ fate: 'unusable', code: 'UNKNOWN_TO_STRIPE' }]);
  });

  it.each([
    ['an empty body', ' '],
    ['no JSON', 'hello'],
    ['an unknown shape', '{"some":"thing"}'],
  ])('with %s stays, or goes into the quarantine, whole', async (_what, body) => {
    lose(shop, sales[0]?.envelope);
    shop.lose(body);
    const kept = await replayOn(stage);
    await countAll(stage, shop, kept, { messages: 5, sales, paid: 3, inQueue: 1 });
    expect(kept.reasons).toMatchObject([{ fate: 'unusable', code: 'UNREADABLE' }]);
    const moved = await replayOn(stage, { quarantine: true });
    await countAll(stage, shop, moved, { messages: 1, sales, paid: 3, inQueue: 0, quarantined: 1 });
    const directory = path.join(stage.directory, 'quarantine');
    const [file = ''] = readdirSync(directory).filter((name) => name.endsWith('.json'));
    expect(JSON.parse(readFileSync(path.join(directory, file), 'utf8')).body).toBe(body);
    expect(statSync(path.join(directory, file)).mode & 0o777).toBe(0o600);
    expect(readFileSync(path.join(directory, '.gitignore'), 'utf8')).toBe('*\n');
  });
});
