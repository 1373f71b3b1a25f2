import { setTimeout as sleep } from 'node:timers/promises';
import { LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { drain } from '../../src/replay/drain.js';
import { readTargets } from '../../src/replay/targets.js';
import type { Bench } from '../../src/world/bench.js';
import { Shop } from './support/shop.js';
import { type SavedStage, Stage, saveStage } from './support/stage.js';

const IMPATIENT = { lookMs: 100, patienceMs: 20_000 };

describe('a drain inside AWS', () => {
  let saved: SavedStage;
  let stage: Stage;
  let shop: Shop;
  beforeAll(async () => {
    saved = await saveStage();
    stage = await Stage.open(saved);
    shop = await Shop.open(stage);
  });
  afterEach(() => {
    stage.cloud.cloud.faults.set([]);
    shop.empty();
  });
  afterAll(async () => {
    await stage?.close();
    await saved?.remove();
  });

  const start = async (bench: Bench) => drain(bench, await readTargets(bench.world), IMPATIENT);
  const states = async () => {
    const answer = await new LambdaClient(stage.cloud.client).send(new ListEventSourceMappingsCommand({}));
    return (answer.EventSourceMappings ?? []).map(({ State }) => State);
  };
  const off = ['Disabled', 'Disabling'];

  it('leaves what fails in its queue, settles the rest of the batch, and gives up when no more goes', async () => {
    const good = await shop.sell();
    shop.lose(shop.paid('no-such-order').envelope);
    shop.lose(good.envelope);
    const result = await start(stage.bench());
    expect(result).toMatchObject({ before: 2, remaining: 1, ended: 'stuck', quarantined: 0 });
    expect(await shop.statusOf(good.orderId)).toBe('paid');
    for (const state of await states()) expect(off).toContain(state);
  });

  it('is switched off when it is interrupted', async () => {
    shop.lose(shop.paid('no-such-order').envelope);
    const controller = new AbortController();
    const running = start(stage.bench({ signal: controller.signal }));
    const on = async () => (await states()).some((state) => state === 'Enabled');
    while (!(await on())) await sleep(20);
    controller.abort();
    expect(await running).toMatchObject({ ended: 'interrupted' });
    for (const state of await states()) expect(off).toContain(state);
  });

  it('is switched off when it cannot be watched', async () => {
    shop.lose(shop.paid('no-such-order').envelope);
    const bench = stage.bench({ attempts: 1 });
    const targets = await readTargets(bench.world);
    stage.cloud.cloud.faults.set([{ service: 'sqs', operation: 'GetQueueAttributes', kind: 'error' }]);
    await expect(drain(bench, targets, IMPATIENT)).rejects.toMatchObject({ code: 'AWS_UNAVAILABLE' });
    for (const state of await states()) expect(off).toContain(state);
  });
});
